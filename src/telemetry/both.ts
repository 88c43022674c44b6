/** Tells two of the same. */
export const both =
  <Event>(one: (event: Event) => void, other: (event: Event) => void) =>
  (event: Event): void => {
    one(event)
    other(event)
  }
