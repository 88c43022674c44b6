/** What one author says on one page. */
export interface Notice {
  readonly page: string
  readonly text: string
  /** Milliseconds, at least 1, for which the page stays after its last notice. */
  readonly ttlMs: number
}

/**
 * Where processes tell each other how they are. Nothing that is true depends on it, so it has no life and no sequence.
 * `tests/contracts/board.ts` says what every implementation must do.
 */
export interface Board {
  /**
   * Puts up notices, each in the place of what the author has said on its page before. Returns the pages on which the
   * author had said nothing: whoever had knows that the board has lost it.
   */
  post(author: string, notices: readonly Notice[]): Promise<readonly string[]>
  /** What everybody says on each page, by author; in the order of the pages. */
  read(pages: readonly string[]): Promise<readonly ReadonlyMap<string, string>[]>
}

interface Page {
  readonly texts: Map<string, string>
  endsAt: number
}

const NOTHING: ReadonlyMap<string, string> = new Map()

/**
 * A board for one process.
 * @param now milliseconds since 1970
 */
export function createMemoryBoard(now: () => number): Board {
  const pages = new Map<string, Page>()
  const standing = (name: string): Page | undefined => {
    const page = pages.get(name)
    return page && page.endsAt > now() ? page : undefined
  }

  return {
    async post(author, notices) {
      for (const [name, { endsAt }] of pages) if (endsAt <= now()) pages.delete(name)
      return notices.flatMap(({ page: name, text, ttlMs }) => {
        const page = pages.getOrInsertComputed(name, () => ({ texts: new Map(), endsAt: 0 }))
        const isFirst = !page.texts.has(author)
        page.texts.set(author, text)
        page.endsAt = now() + ttlMs
        return isFirst ? [name] : []
      })
    },
    read: async (names) => names.map((name) => standing(name)?.texts ?? NOTHING),
  }
}
