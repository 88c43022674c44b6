import type { Board, Notice } from '../cache/board.ts'
import { HOURS, MINUTES, pageAt, type Unit } from './pages.ts'
import { since, type Tally, written } from './tally.ts'

export interface DiaryOptions {
  /** Whose it is: another one after each start. */
  readonly author: string
  /** Seen by all processes. */
  readonly board: Board
  /** Everything that this process has counted so far. */
  readonly tally: () => Tally
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What one process counts on the pages of one unit. */
interface Chapter {
  readonly unit: Unit
  page: string
  /** What had been counted when the page was begun. */
  before: Tally
}

/** Notices that wait for a board that is away: an hour of minutes and a week of hours. */
const WAITING_MAX = 230

/**
 * Writes down what this process counts, minute by minute and hour by hour. A page is written again and again with all
 * that belongs to it, so that what is written twice counts once, and what could not be written is written later.
 */
export class Diary {
  readonly #options: DiaryOptions
  readonly #chapters: readonly Chapter[]
  #waiting = new Map<string, Notice>()

  constructor(options: DiaryOptions) {
    this.#options = options
    const at = options.now()
    const before = options.tally()
    this.#chapters = [MINUTES, HOURS].map((unit) => ({ unit, page: pageAt(unit, at), before }))
  }

  /** What is on the pages that are being written, by page. */
  current(): ReadonlyMap<string, Tally> {
    this.#turnPages()
    const tally = this.#options.tally()
    return new Map(this.#chapters.map(({ page, before }) => [page, since(tally, before)]))
  }

  /** @param more notices of other kinds that go with it @throws what the board throws */
  async write(more: readonly Notice[] = []): Promise<void> {
    this.#turnPages()
    const tally = this.#options.tally()
    for (const chapter of this.#chapters) this.#wait(chapter, tally)
    const sent = [...this.#waiting.values()]
    await this.#options.board.post(this.#options.author, [...sent, ...more])
    for (const notice of sent) if (this.#waiting.get(notice.page) === notice) this.#waiting.delete(notice.page)
  }

  /** What was counted until now belongs to the page that was being written. */
  #turnPages(): void {
    const at = this.#options.now()
    const tally = this.#options.tally()
    for (const chapter of this.#chapters) {
      const page = pageAt(chapter.unit, at)
      if (page === chapter.page) continue
      this.#wait(chapter, tally)
      chapter.page = page
      chapter.before = tally
    }
  }

  #wait({ unit, page, before }: Chapter, tally: Tally): void {
    const counted = since(tally, before)
    if (counted.size === 0) return
    this.#waiting.set(page, { page, text: written(counted), ttlMs: unit.keptMs })
    for (const oldest of this.#waiting.keys()) {
      if (this.#waiting.size <= WAITING_MAX) break
      this.#waiting.delete(oldest)
    }
  }
}
