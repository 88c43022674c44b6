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
  /** What was written, by page, for when the board loses it. */
  readonly told: Map<string, Tally>
  /** Pages that are kept of either, at most. */
  readonly most: number
}

/** An hour and a week. */
const KEPT: readonly (readonly [unit: Unit, most: number])[] = [
  [MINUTES, 60],
  [HOURS, 7 * 24],
]

/**
 * Writes down what this process counts, minute by minute and hour by hour. A page is written again and again with all
 * that belongs to it, so that what is written twice counts once, and what could not be written, or was lost by the board, is
 * written later.
 */
export class Diary {
  readonly #options: DiaryOptions
  readonly #chapters: readonly Chapter[]
  /** The pages of the last time. */
  #posted: ReadonlySet<string> = new Set()

  constructor(options: DiaryOptions) {
    this.#options = options
    const at = options.now()
    const before = options.tally()
    this.#chapters = KEPT.map(([unit, most]) => ({
      ...{ unit, number: numberAt(unit, at), before },
      ...{ waiting: new Map(), told: new Map(), most },
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
    const sent = this.#chapters.map((chapter) => ({ ...chapter, pages: [...chapter.waiting] }))
    const notices = sent.flatMap(({ unit, pages }) =>
      pages.map(([page, counted]): Notice => ({ page, text: written(counted), ttlMs: unit.keptMs })),
    )
    const all = [...notices, ...more]
    const first = await this.#options.board.post(this.#options.author, all)
    for (const { waiting, told, most, pages } of sent)
      for (const [page, counted] of pages) {
        if (waiting.get(page) === counted) waiting.delete(page)
        keepLast(told, { page, counted, most })
      }
    if (first.some((page) => this.#posted.has(page))) this.#writeAgain()
    this.#posted = new Set(all.map(({ page }) => page))
  }

  /** With the next: the board was emptied, or has come back without what it was told last. */
  #writeAgain(): void {
    for (const { waiting, told, most } of this.#chapters) {
      const later = [...waiting]
      waiting.clear()
      for (const [page, counted] of [...told, ...later]) keepLast(waiting, { page, counted, most })
    }
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

  #wait({ unit, number, before, waiting, most }: Chapter, tally: Tally): void {
    const counted = since(tally, before)
    if (counted.size > 0) keepLast(waiting, { page: pageOf(unit, number), counted, most })
  }
}

interface Kept {
  readonly page: string
  readonly counted: Tally
  readonly most: number
}

function keepLast(pages: Map<string, Tally>, { page, counted, most }: Kept): void {
  pages.set(page, counted)
  for (const oldest of pages.keys()) {
    if (pages.size <= most) break
    pages.delete(oldest)
  }
}
