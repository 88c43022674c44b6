import { HonzikError } from '../domain/error.ts'
import { addressInHost, parseWebhookUrl, type WebhookUrlRules } from '../domain/webhook.ts'
import { Undelivered } from './delivery.ts'
import type { Lookup } from './lookup.ts'

export interface TargetRules extends WebhookUrlRules {
  readonly isPermitted: (address: string) => boolean
  readonly lookup: Lookup
}

/** Where a webhook may be sent to. */
export interface Target {
  readonly url: URL
  /** At least one, each of them permitted. */
  readonly addresses: readonly string[]
}

/**
 * Looks the host up, once, and keeps those of its addresses that are permitted.
 * @throws Undelivered when the URL may not be called or none is left
 */
export async function targetOf(text: string, rules: TargetRules, signal: AbortSignal): Promise<Target> {
  const url = urlOf(text, rules)
  const literal = addressInHost(url.hostname)
  const known = literal === null ? await addressesOf(url.hostname, rules.lookup, signal) : [literal]
  const addresses = known.filter(rules.isPermitted)
  if (addresses.length === 0) throw new Undelivered('address')
  return { url, addresses }
}

/** By the same rules as when it was registered: these may have become stricter since. */
function urlOf(text: string, rules: TargetRules): URL {
  try {
    return new URL(parseWebhookUrl(text, rules))
  } catch (error) {
    throw error instanceof HonzikError ? new Undelivered('address', error) : error
  }
}

async function addressesOf(name: string, lookup: Lookup, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await untilAborted(lookup(name, signal), signal)
  } catch (error) {
    throw new Undelivered('dns', error)
  }
}

/** The system's own lookup knows no signals. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const abort = () => reject(signal.reason)
  work.then(resolve, reject)
  signal.addEventListener('abort', abort, { once: true })
  // An abortion that was quicker than this has no event any more.
  if (signal.aborted) abort()
  return promise
}
