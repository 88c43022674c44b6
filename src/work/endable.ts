/** What a generator brings. One that waits for something would end only after it; told to end, this one is woken. */
export function endable<Item>(
  generate: (signal: AbortSignal) => AsyncGenerator<Item, void>,
  signal: AbortSignal,
): AsyncIterableIterator<Item, void> {
  const ending = new AbortController()
  const inner = generate(AbortSignal.any([signal, ending.signal]))
  return {
    next: () => inner.next(),
    return() {
      ending.abort()
      return inner.return()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
