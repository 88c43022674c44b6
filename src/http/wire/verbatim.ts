import type { IncomingMessage } from 'node:http'
import { crc32 } from 'node:zlib'
import type { Shelf } from '../../cache/l1.ts'
import { ASKED_MAX, REMEMBERED_MS } from '../familiar.ts'
import { cacheModeOf } from '../graphql-scope.ts'
import type { AnswerType } from '../negotiation.ts'
import { givenId } from '../request-log.ts'
import { type KnownViewer, NOBODY } from '../viewers.ts'
import type { Visit } from '../visit.ts'
import { type Wanting, wantingOf } from '../whole.ts'
import { wholeBytesOf } from './wire-server.ts'

/** All that has to be known of a request in order to answer it again. */
export interface KnownRequest {
  readonly viewer: KnownViewer
  /** Of its answer. */
  readonly key: string
  readonly type: AnswerType
  readonly wanting: Wanting
  readonly origin: string | undefined
  /** The name that it has given itself; null for one that gets a new name each time. */
  readonly id: string | null
  /** The trace that it is a part of, each time, as its header says. */
  readonly traceparent: string | string[] | undefined
}

interface Known extends KnownRequest {
  /** Its bytes, each as one character. */
  readonly text: string
}

/** As many checksums of requests as are remembered that came once. */
const SIGHTINGS = 65_536

/**
 * Recognises whole requests, head and body, by their bytes. The same bytes were parsed before and understood to ask for an
 * answer that may be kept, and parsing them again would come to the same. One is remembered when it comes for the second
 * time: many clients and proxies put something new into each.
 */
export class Verbatim {
  readonly #known: Shelf<number, Known>
  readonly #now: () => number
  readonly #seen = new Int32Array(SIGHTINGS)
  #last: { readonly bytes: Buffer; readonly slot: number } | null = null

  /** @param now milliseconds since 1970, as the shelf counts them */
  constructor(known: Shelf<number, Known>, now: () => number) {
    this.#known = known
    this.#now = now
  }

  /** Undefined for bytes that are not exactly a request that is known, and once its token holds no longer. */
  recognise(bytes: Buffer): KnownRequest | undefined {
    if (bytes.length > ASKED_MAX) return undefined
    const now = this.#now()
    const known = this.#known.get(this.#slotOf(bytes), now)
    return known && now < known.viewer.until && known.text === bytes.toString('latin1') ? known : undefined
  }

  /** @param asOf where the sequence stood when the request began */
  remember(visit: Visit, key: string, asOf: number): void {
    const bytes = wholeBytesOf(visit.request)
    const now = this.#now()
    if (bytes === null || bytes.length > ASKED_MAX || visit.viewer.until <= now || !isUsual(visit)) return
    const slot = this.#slotOf(bytes)
    if (!this.#isSecond(slot)) return
    const known = knownOf(visit, key, bytes.toString('latin1'))
    this.#known.put(slot, `whole request ${slot}`, known, {
      asOf,
      bytes: known.text.length + key.length,
      expiresAt: now + REMEMBERED_MS,
    })
  }

  /** What is not recognised is mostly the next to be remembered. */
  #slotOf(bytes: Buffer): number {
    if (this.#last?.bytes !== bytes) this.#last = { bytes, slot: slotOf(bytes) }
    return this.#last.slot
  }

  #isSecond(slot: number): boolean {
    const at = slot & (SIGHTINGS - 1)
    if (this.#seen[at] === slot) return true
    this.#seen[at] = slot
    return false
  }
}

const knownOf = ({ request, viewer, type }: Visit, key: string, text: string): Known => ({
  viewer,
  key,
  type,
  wanting: wantingOf(request),
  origin: request.headers.origin,
  id: givenId(request),
  traceparent: request.headers['traceparent'],
  text,
})

/**
 * Of somebody who is known, from caches, and with an answer that is not more than that: no word beforehand, and the
 * connection stays open.
 */
const isUsual = ({ request, viewer }: Visit): boolean =>
  viewer !== NOBODY &&
  request.headers.expect === undefined &&
  cacheModeOf(request.headers['cache-control']) === 'USE' &&
  staysOpen(request)

const staysOpen = ({ httpVersion, headers: { connection } }: IncomingMessage): boolean =>
  httpVersion === '1.1' && (connection === undefined || connection.toLowerCase() === 'keep-alive')

/** As a number that the engine keeps without an object. */
const slotOf = (bytes: Buffer): number => crc32(bytes) | 0
