import { isGlobal } from './addresses.ts'
import { type Attempt, type Delivery, Undelivered, type WebhookSender } from './delivery.ts'
import { type Lookup, publicLookup, systemLookup } from './lookup.ts'
import { type Answer, post } from './post.ts'
import { retryAfterSeconds } from './retry-after.ts'
import { signatureHeaders } from './signature.ts'
import { type TargetRules, targetOf } from './target.ts'

export interface WebhookSenderOptions {
  /** Whether receivers may be on this machine or in its network, and without TLS. Never in production. */
  readonly allowPrivate: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds for a whole attempt: name, connection, TLS and answer. @default 10_000 */
  readonly timeoutMs?: number
  /** @default public DNS; the system's with `allowPrivate` */
  readonly lookup?: Lookup
  /** Which addresses may be connected to. @default those that are global; all with `allowPrivate` */
  readonly isPermitted?: (address: string) => boolean
  /** A certificate authority to trust instead of the system's; for tests. */
  readonly ca?: string
}

/**
 * Sends webhooks to URLs that strangers have given us. A name is looked up once, each of its addresses is judged, and
 * only those that pass are connected to: a second answer of DNS can change nothing.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { now, timeoutMs = 10_000, ca } = options
  const rules = rulesOf(options)

  async function exchange(delivery: Delivery, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const target = await targetOf(delivery.url, rules, signal)
    return post({ ...target, headers, body: delivery.payload, signal, patienceMs: timeoutMs / 4, ca })
  }

  return {
    async send(delivery, signal) {
      signal?.throwIfAborted()
      const headers = headersOf(delivery)
      const started = now()
      const took = () => Math.max(0, now() - started)
      const timeout = AbortSignal.timeout(timeoutMs)
      const end = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
      try {
        return answered(await exchange(delivery, headers, end), now(), took())
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof Undelivered)) throw error
        return { kind: 'failed', reason: timeout.aborted ? 'timeout' : error.reason, milliseconds: took() }
      }
    },
  }
}

function rulesOf({ allowPrivate, lookup, isPermitted }: WebhookSenderOptions): TargetRules {
  return {
    allowPrivate,
    lookup: lookup ?? (allowPrivate ? systemLookup : publicLookup()),
    isPermitted: isPermitted ?? (allowPrivate ? () => true : isGlobal),
  }
}

const headersOf = (delivery: Delivery): Record<string, string> => ({
  ...signatureHeaders(delivery),
  'content-type': 'application/json',
  'user-agent': 'Honzik-Webhooks/1',
})

function answered({ status, retryAfter }: Answer, now: number, milliseconds: number): Attempt {
  if (status >= 200 && status < 300) return { kind: 'delivered', status, milliseconds }
  return { kind: 'refused', status, retryAfterSeconds: retryAfterSeconds(retryAfter, now), milliseconds }
}
