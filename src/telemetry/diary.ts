import type { Board, Notice } from '../cache/board.ts'
import { HOURS, MINUTES, numberAt, pageOf, type Unit } from './pages.ts'
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
  /** Which page is being written. */
  number: number
  /** What had been counted when the page was begun. */
  before: Tally
  /** What could not be written yet, by page. */
  readonly waiting: Map<string, Tally>
  /** Pages that wait for a board that is away, at most. */
  readonly waitingMax: number
}

/** An hour and a week. */
const WAITING: readonly (readonly [unit: Unit, most: number])[] = [
  [MINUTES, 60],
  [HOURS, 7 * 24],
]

/**
 * Writes down what this process counts, minute by minute and hour by hour. A page is written again and again with all
 * that belongs to it, so that what is written twice counts once, and what could not be written is written later.
 */
export class Diary {
  readonly #options: DiaryOptions
  readonly #chapters: readonly Chapter[]

  constructor(options: DiaryOptions) {
    this.#options = options
    const at = options.now()
    const before = options.tally()
    this.#chapters = WAITING.map(([unit, waitingMax]) => ({
      ...{ unit, number: numberAt(unit, at), before },
      waiting: new Map(),
      waitingMax,
    }))
  }

  /** What this process knows better than the board, by page: what it has not written, and what it is writing. */
  current(): ReadonlyMap<string, Tally> {
    this.#turnPages()
    const tally = this.#options.tally()
    return new Map(
      this.#chapters.flatMap(({ unit, number, before, waiting }) => [
        ...waiting,
        [pageOf(unit, number), since(tally, before)] as const,
      ]),
    )
  }

  /** @param more notices of other kinds that go with it @throws what the board throws */
  async write(more: readonly Notice[] = []): Promise<void> {
    this.#turnPages()
    const tally = this.#options.tally()
    for (const chapter of this.#chapters) this.#wait(chapter, tally)
    const sent = this.#chapters.map(({ unit, waiting }) => ({ unit, waiting, pages: [...waiting] }))
    const notices = sent.flatMap(({ unit, pages }) =>
      pages.map(([page, counted]): Notice => ({ page, text: written(counted), ttlMs: unit.keptMs })),
    )
    await this.#options.board.post(this.#options.author, [...notices, ...more])
    for (const { waiting, pages } of sent)
      for (const [page, counted] of pages) if (waiting.get(page) === counted) waiting.delete(page)
  }

  /**
   * What was counted until now belongs to the page that was being written. A clock that is set back turns no page back: it
   * would be written anew, without what is on it.
   */
  #turnPages(): void {
    const at = this.#options.now()
    const tally = this.#options.tally()
    for (const chapter of this.#chapters) {
      const number = numberAt(chapter.unit, at)
      if (number <= chapter.number) continue
      this.#wait(chapter, tally)
      chapter.number = number
      chapter.before = tally
    }
  }

  #wait({ unit, number, before, waiting, waitingMax }: Chapter, tally: Tally): void {
    const counted = since(tally, before)
    if (counted.size === 0) return
    waiting.set(pageOf(unit, number), counted)
    for (const oldest of waiting.keys()) {
      if (waiting.size <= waitingMax) break
      waiting.delete(oldest)
    }
  }
}
