/** A stream of server-sent events, as its text comes. */
export interface EventReader {
  readonly response: Response
  /** The next block that is not empty, comments included; null at the end. */
  next(): Promise<string | null>
  /** Goes away. */
  leave(): void
}

/** Asks for events as the bearer of the token. */
export async function openEvents(url: string, token: string): Promise<EventReader> {
  const leaving = new AbortController()
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: leaving.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  return {
    response,
    async next() {
      for (;;) {
        const end = seen.indexOf('\n\n')
        if (end >= 0) {
          const block = seen.slice(0, end)
          seen = seen.slice(end + 2)
          return block
        }
        const { value = '', done = true } = (await reader?.read()) ?? {}
        if (done) return null
        seen += value
      }
    },
    leave: () => leaving.abort(),
  }
}
