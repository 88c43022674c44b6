import { badInput } from './error.ts'

/** What a receiver may ask to be told of, as GraphQL names it. */
export const WEBHOOK_EVENTS = ['JOB_SUCCEEDED', 'JOB_FAILED', 'STREAK_REMINDER'] as const

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/**
 * The same as payloads name it in `type`: identifiers of `[a-zA-Z0-9_]` with full stops between, as Standard Webhooks
 * recommends. All rules here that are said to be of Standard Webhooks are of version 1.0.0:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const WEBHOOK_EVENT_TYPES = {
  JOB_SUCCEEDED: 'job.succeeded',
  JOB_FAILED: 'job.failed',
  STREAK_REMINDER: 'streak.reminder',
} as const satisfies Record<WebhookEvent, string>

/**
 * Each event once, in the order of the list.
 * @throws BAD_USER_INPUT naming `events` when there is none
 */
export function parseWebhookEvents(events: readonly WebhookEvent[]): readonly WebhookEvent[] {
  if (events.length === 0) throw badInput('events', 'must name at least one event.')
  return WEBHOOK_EVENTS.filter((event) => events.includes(event))
}

export interface WebhookUrlRules {
  /** Whether `http:` will do, for receivers on one's own machine. */
  readonly allowPrivate: boolean
  /** Whether a host that is written as an address may be called. @default every address */
  readonly isPermitted?: ((address: string) => boolean) | undefined
}

const URL_LENGTH = 2_048
const TOO_LONG = `must not be longer than ${URL_LENGTH.toLocaleString('en')} characters.`
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * The URL of a receiver as it will be kept and called. Its host may still prove to be a private one once it is looked
 * up: only the sender can know that.
 * @throws BAD_USER_INPUT naming `url`
 */
export function parseWebhookUrl(text: string, rules: WebhookUrlRules): string {
  if (text.length > URL_LENGTH) throw badInput('url', TOO_LONG)
  const url = URL.parse(text)
  if (url === null) throw badInput('url', 'must be a URL like https://hooks.example.com/honzik.')
  const problem = problemOf(url, rules)
  if (problem !== null) throw badInput('url', problem)
  return url.href
}

/** The address that a URL's host is written as, in the one spelling that URLs have for each; null for a name. */
export function addressInHost(hostname: string): string | null {
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  // A host whose last label is a number is an IPv4 address or no host at all: https://url.spec.whatwg.org/#host-parsing
  return /^\d+(?:\.\d+){3}$/.test(hostname) ? hostname : null
}

function problemOf(url: URL, { allowPrivate, isPermitted = () => true }: WebhookUrlRules): string | null {
  const address = addressInHost(url.hostname)
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'must begin with https://.'
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or a password.'
  // An empty fragment is not in `hash`, but it would be in what is kept.
  if (url.href.includes('#')) return 'must not contain a fragment.'
  if (url.port === '0') return 'must not name port 0.'
  if (address === null && !isHostName(url.hostname)) return 'must name a host like hooks.example.com.'
  if (address !== null && !isPermitted(address)) return 'must not name a private or reserved address.'
  return url.href.length > URL_LENGTH ? TOO_LONG : null
}

/** No full stop at the end: certificates and SNI name hosts without it. */
const isHostName = (name: string): boolean => name.length <= 253 && name.split('.').every((label) => LABEL.test(label))

/**
 * A signing secret as Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base64.
 * @throws BAD_USER_INPUT naming `secret`
 */
export function parseWebhookSecret(text: string): string {
  const size = sizeOfBase64(/^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/.exec(text)?.[1] ?? '')
  if (size < 24 || size > 64) throw badInput('secret', 'must be whsec_ and 24 to 64 bytes in base64.')
  return text
}

/** 0 for what is no base64. Receivers decode it too, some with libraries that forgive nothing. */
function sizeOfBase64(text: string): number {
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' }).length
  } catch {
    return 0
  }
}

/** A delivery that has not been accepted yet. */
export interface UnacceptedDelivery {
  /** How often it was tried. */
  readonly attempts: number
  /** Since it was tried first. */
  readonly elapsedSeconds: number
  /** What the receiver asked for in the last answer, if it did. */
  readonly retryAfterSeconds: number | null
}

/** Between one try and the next: the example of Standard Webhooks, as far as it fits into a day. */
const DELAYS_S = [5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600]
const DAY_S = 86_400
/** How much later than planned a try may come, so that deliveries which failed together do not come together again. */
const JITTER = 0.2

/**
 * Whole seconds until a delivery is tried again; null when it is given up. Never earlier than the receiver asked for in
 * `Retry-After`, unless that is after the day that a delivery lives: then it is tried once more at the end of the day.
 * @param random a number from 0 to 1, 1 excluded, as of `Math.random`
 */
export function nextAttemptDelaySeconds(delivery: UnacceptedDelivery, random: () => number): number | null {
  const planned = DELAYS_S[delivery.attempts - 1]
  const left = Math.floor(DAY_S - delivery.elapsedSeconds)
  if (planned === undefined || left <= 0) return null
  const wanted = Math.max(planned, delivery.retryAfterSeconds ?? 0)
  return Math.min(left, Math.ceil(wanted * (1 + JITTER * random())))
}

/** How a delivery ended: `gone` when the receiver answered 410, after which it is not tried again. */
export type DeliveryEnd = 'delivered' | 'given-up' | 'gone'

/** Deliveries given up in a row after which nobody is thought to listen; each was tried for most of a day. */
const GIVEN_UP_IN_A_ROW = 5

/**
 * Whether a webhook is to be switched off, by how its deliveries ended since it was switched on, the last one first.
 * Standard Webhooks asks for it at once on 410 Gone, and recommends it after long failure.
 */
export function isDisabling(ends: readonly DeliveryEnd[]): boolean {
  const last = ends.slice(0, GIVEN_UP_IN_A_ROW)
  return last[0] === 'gone' || (last.length === GIVEN_UP_IN_A_ROW && last.every((end) => end !== 'delivered'))
}
