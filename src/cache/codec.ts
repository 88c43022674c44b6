import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Reporter } from './cache-event.ts'
import { isTooLarge } from './size.ts'

/**
 * Stands before what is compressed. JSON never begins so: a release that does not know the mark finds something that it
 * cannot parse, and that is a miss, as anything else that it does not know.
 */
const DEFLATED = '~'

/** Less is hardly worth the time. */
const WORTHWHILE = 1_024

/** What is stored compressed takes at most this part of what it would take as it is: each reader pays for it. */
const SAVING = 0.8

/** Room that is made at once for what comes out: most values need no more, and making more of it takes longer. */
const CHUNK = 8_192

/** JSON as it is stored: compressed where that saves, and as text, as everything else that is read together with it. */
export function packed(json: string, policy: string, report: Reporter): string {
  if (json.length < WORTHWHILE) return json
  const text = `${DEFLATED}${deflateRawSync(json).toString('base64')}`
  const from = Buffer.byteLength(json)
  if (text.length > from * SAVING) return json
  report({ kind: 'compressed', policy, from, to: text.length })
  return text
}

/** The JSON in what was stored. @throws for what cannot be read, and for more than `maxBytes`, whatever it would become */
export function unpacked(stored: string, maxBytes: number): string {
  if (stored.startsWith(DEFLATED)) {
    const bytes = Buffer.from(stored.slice(1), 'base64')
    return inflateRawSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK }).toString()
  }
  if (isTooLarge(stored, maxBytes)) throw new RangeError('larger than what is kept')
  return stored
}
