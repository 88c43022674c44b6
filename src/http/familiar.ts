import { crc32 } from 'node:zlib'
import type { Shelf } from '../cache/l1.ts'
import { cacheModeOf } from './graphql-scope.ts'
import type { AnswerType } from './negotiation.ts'
import type { KnownViewer } from './viewers.ts'
import type { Visit } from './visit.ts'

/** A request that was answered before: who asked it, and the key of its answer. */
export interface Recognised {
  readonly viewer: KnownViewer
  readonly key: string
}

interface Known extends Recognised {
  /** The request's bytes, each as one character: the whole body, or the address. */
  readonly asked: string
  readonly type: AnswerType
}

/** Bytes of a request up to which it is recognised. */
export const ASKED_MAX = 8_192

/** Milliseconds. What is known stays true, but nothing is kept for ever; mostly it goes before, for want of room. */
export const REMEMBERED_MS = 86_400_000

/**
 * Recognises requests by their bytes and by their tokens, so that neither need be parsed: the same bytes from the same
 * viewer always ask for the same answer. Of two requests with the same checksum the later one is remembered; they are
 * told apart by all that they consist of.
 */
export class Familiar {
  readonly #known: Shelf<number, Known>
  readonly #now: () => number

  /** @param now milliseconds since 1970, as the shelf counts them */
  constructor(known: Shelf<number, Known>, now: () => number) {
    this.#known = known
    this.#now = now
  }

  /** Undefined for a request that is not recognised, or whose token holds no longer. */
  recognise(visit: Visit): Recognised | undefined {
    if (!mayBeKnown(visit)) return undefined
    const now = this.#now()
    const known = this.#known.get(slotOf(visit), now)
    return known && isSame(known, visit) && now < known.viewer.until ? known : undefined
  }

  /** @param asOf where the sequence stood when the request began */
  remember(visit: Visit, key: string, asOf: number): void {
    const { viewer, type } = visit
    const now = this.#now()
    if (!mayBeKnown(visit) || viewer.until <= now) return
    const slot = slotOf(visit)
    const known = { viewer, key, type, asked: askedOf(visit) }
    const bytes = known.asked.length + key.length
    this.#known.put(slot, `request ${slot}`, known, { asOf, bytes, expiresAt: now + REMEMBERED_MS })
  }
}

const mayBeKnown = ({ request, body }: Visit): boolean =>
  (body ?? request.url ?? '').length <= ASKED_MAX && cacheModeOf(request.headers['cache-control']) === 'USE'

const isSame = ({ viewer, type, asked }: Known, visit: Visit): boolean =>
  type === visit.type && viewer.authorization === visit.request.headers.authorization && asked === askedOf(visit)

/** No body that is answered begins as an address does. */
const askedOf = ({ request, body }: Visit): string => (body === null ? (request.url ?? '') : body.toString('latin1'))

function slotOf({ request: { headers, url = '' }, body, type }: Visit): number {
  // As a number that the engine keeps without an object.
  return crc32(body ?? url, (endOf(headers.authorization ?? '') ^ type.length) >>> 0) | 0
}

/** The end of a token, where its signature stands: it tells viewers apart who ask the same. */
function endOf(authorization: string): number {
  let end = authorization.length
  for (let at = Math.max(0, end - 8); at < authorization.length; at += 1)
    end = (end * 31) ^ authorization.charCodeAt(at)
  return end
}
