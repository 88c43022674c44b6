import type { Cache } from '../../cache/cache.ts'
import type { ResponseCache } from '../../cache/response-cache.ts'
import type { View } from '../../cache/view.ts'
import type { Lifecycle } from '../lifecycle.ts'
import type { RateLimit } from '../rate-limit.ts'
import { nextId } from '../request-log.ts'
import type { Sender } from '../sender.ts'
import { needsCompression, type Whole } from '../whole.ts'
import type { KnownRequest, Verbatim } from './verbatim.ts'
import type { Octets } from './wire.ts'

export interface RepeatsOptions {
  readonly verbatim: Verbatim
  readonly cache: Pick<Cache, 'open' | 'openNow'>
  readonly responses: ResponseCache<Whole>
  readonly sender: Sender
  /** Null: no limit. */
  readonly rateLimit: RateLimit | null
  readonly lifecycle: Pick<Lifecycle, 'draining'>
}

/**
 * Answers requests that have come before, byte for byte, with what is kept for them: after their viewer's token is known
 * to hold and the sequence was asked, and before anything is parsed. Whatever needs more than that is left to the parser.
 */
export class Repeats {
  readonly #options: RepeatsOptions

  constructor(options: RepeatsOptions) {
    this.#options = options
  }

  answer(bytes: Buffer): Octets | undefined | Promise<Octets | undefined> {
    const { verbatim, lifecycle, cache, responses } = this.#options
    const known = lifecycle.draining ? undefined : verbatim.recognise(bytes)
    if (known === undefined) return undefined
    const arrived = performance.now()
    const view = cache.openNow('USE')
    if (view) return this.#repeat(known, view, arrived)
    // Nobody waits for the sequence for the sake of what is not there.
    if (!responses.has(known.key)) return undefined
    return cache.open('USE').then((opened) => this.#repeat(known, opened, arrived))
  }

  #repeat(known: KnownRequest, view: View, arrived: number): Octets | undefined | Promise<Octets | undefined> {
    const { responses, rateLimit } = this.#options
    const found = responses.peek(known.key, view)
    // What is stale is made anew, for which it has to be known what was asked.
    if (found === undefined || found.stale || needsCompression(known.wanting, found.value)) return undefined
    if (rateLimit === null) return this.#show(known, found.value, arrived, [])
    return (
      rateLimit
        .count(known.viewer.label)
        // Who is over the limit hears of it from others.
        .then(({ allowed, headers }) => (allowed ? this.#show(known, found.value, arrived, headers) : undefined))
    )
  }

  #show(known: KnownRequest, value: Whole, arrived: number, limitHeaders: readonly string[]): Octets {
    const { responses, sender } = this.#options
    responses.shown()
    return sender.octets({ known, id: known.id ?? nextId(), arrived, limitHeaders }, value)
  }
}
