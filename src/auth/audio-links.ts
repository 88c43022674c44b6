import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { toTimestamp } from '../domain/calendar.ts'
import type { MessageId } from '../domain/ids.ts'
import type { AudioLink } from '../domain/voice.ts'

/** Links to what messages sound like, good for whoever has one: a player in a page cannot send a token. */
export interface AudioLinks {
  linkTo(id: MessageId, now: Temporal.Instant): AudioLink
  /** Whether a link was made by us, for this message, and has not ended. */
  isGood(id: MessageId, parameters: LinkParameters, now: Temporal.Instant): boolean
}

/** What stands behind the question mark. */
export interface LinkParameters {
  readonly expires?: unknown
  readonly signature?: unknown
}

/** As long as a link may be good at most. */
const LIFETIME = Temporal.Duration.from({ minutes: 15 })

/** @param secret the one that tokens are signed with; links have a key of their own, made from it */
export function createAudioLinks(secret: string): AudioLinks {
  const key = new Uint8Array(hkdfSync('sha256', secret, 'honzik', 'audio links, HMAC-SHA-256, v1', 32))
  const signatureOf = (id: MessageId, expires: number) =>
    createHmac('sha256', key).update(`${id}.${expires}`).digest('base64url')

  return {
    linkTo(id, now) {
      const expiresAt = now.add(LIFETIME)
      const expires = Math.floor(expiresAt.epochMilliseconds / 1000)
      const url = `/audio/${id}?expires=${expires}&signature=${signatureOf(id, expires)}`
      return { url, expiresAt: toTimestamp(Temporal.Instant.fromEpochMilliseconds(expires * 1000)) }
    },
    isGood(id, { expires: text, signature }, now) {
      if (typeof text !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(text)) return false
      const expires = Number(text)
      const given = Buffer.from(signature)
      const meant = Buffer.from(signatureOf(id, expires))
      return given.length === meant.length && timingSafeEqual(given, meant) && expires * 1000 > now.epochMilliseconds
    },
  }
}
