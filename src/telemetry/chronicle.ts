import type { Board } from '../cache/board.ts'
import type { MinuteStats, WindowStats } from '../domain/cache-report.ts'
import { allHoldings, type NodeNotice, readNotice } from './node-notice.ts'
import { lastOf, MINUTES, PRESENCE, PRESENCE_PAGES, pageAt, type Unit, WINDOWS } from './pages.ts'
import { minuteStats, read, sumOf, type Tally, windowStats } from './tally.ts'

export interface ChronicleOptions {
  readonly board: Board
  /** Whose pages are known better than what the board says. */
  readonly author: string
  /** What the author has counted on the pages that are being written. */
  readonly current: () => ReadonlyMap<string, Tally>
  /** The policies that are told of, in their order. */
  readonly policies: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Everything that is told by time. */
export interface Told {
  readonly windows: readonly WindowStats[]
  readonly minutes: readonly MinuteStats[]
  /** The latest of each process that has told something lately. */
  readonly nodes: readonly NodeNotice[]
}

/** Milliseconds after which what a process holds does not count any more, as it says nothing; and after which it is forgotten. */
const SILENT_MS = 15_000
const GONE_MS = 60_000
/** Milliseconds within which everybody has written what belongs to a page that is over. */
const SETTLED_MS = 10_000
/** Milliseconds for which it is known what pages say that are not written any more: another process may be late. */
const KNOWN_MS = 60_000

interface Known {
  readonly tally: Tally
  readonly until: number
}

/** Reads what all processes have written down. */
export class Chronicle {
  readonly #options: ChronicleOptions
  #known = new Map<string, Known>()

  constructor(options: ChronicleOptions) {
    this.#options = options
  }

  /** @param own what the author would tell of itself now @throws what the board throws */
  async read(own: NodeNotice): Promise<Told> {
    const { now, policies } = this.#options
    const at = now()
    const [nodes, tallies] = await Promise.all([this.#nodes(own, at), this.#tallies(at)])
    const holdings = allHoldings(nodes.filter(({ state }) => at - state.seenAt < SILENT_MS))
    const onPages = (unit: Unit, many: number) =>
      lastOf(unit, many, at).map((begun) => tallies.get(pageAt(unit, begun)) ?? new Map())
    const windows = WINDOWS.map(({ window, unit, many }) =>
      windowStats({ window, tally: sumOf(onPages(unit, many)), holdings, policies }),
    )
    const minutes = lastOf(MINUTES, 60, at).map((begun) =>
      minuteStats(begun, tallies.get(pageAt(MINUTES, begun)) ?? new Map(), policies),
    )
    return { windows, minutes, nodes }
  }

  async #nodes(own: NodeNotice, at: number): Promise<readonly NodeNotice[]> {
    const pages = lastOf(PRESENCE, PRESENCE_PAGES, at).map((begun) => pageAt(PRESENCE, begun))
    const latest = new Map<string, NodeNotice>()
    for (const texts of await this.#options.board.read(pages)) {
      for (const [author, text] of texts) {
        const notice = readNotice(text)
        // Who has ended says so by something else.
        if (notice === null) latest.delete(author)
        else if (at - notice.state.seenAt < GONE_MS) latest.set(author, notice)
      }
    }
    latest.set(this.#options.author, own)
    return [...latest.values()].sort((a, b) => a.state.startedAt - b.state.startedAt)
  }

  /** The sums of all pages of all windows. */
  async #tallies(at: number): Promise<ReadonlyMap<string, Tally>> {
    // Until when each page is written; several windows have the same.
    const ends = new Map(
      WINDOWS.flatMap(({ unit, many }) =>
        lastOf(unit, many, at).map((begun): [string, number] => [pageAt(unit, begun), begun + unit.ms]),
      ),
    )
    const current = this.#options.current()
    // What the author is writing again was known without it.
    for (const [page, { until }] of this.#known) if (until <= at || current.has(page)) this.#known.delete(page)
    const missing = [...ends.keys()].filter((page) => !this.#known.has(page))
    const found = await this.#options.board.read(missing)
    const tallies = new Map([...this.#known].map(([page, { tally }]) => [page, tally]))
    for (const [index, page] of missing.entries()) {
      const tally = this.#together(found[index] ?? new Map(), current.get(page))
      tallies.set(page, tally)
      if ((ends.get(page) ?? at) + SETTLED_MS <= at) this.#known.set(page, { tally, until: at + KNOWN_MS })
    }
    return tallies
  }

  #together(texts: ReadonlyMap<string, string>, own: Tally | undefined): Tally {
    const others = [...texts].filter(([author]) => own === undefined || author !== this.#options.author)
    return sumOf([...others.map(([, text]) => read(text)), ...(own ? [own] : [])])
  }
}
