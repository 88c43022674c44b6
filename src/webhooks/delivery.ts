/** One webhook to one receiver, as it is sent once. */
export interface Delivery {
  readonly url: string
  /** Names the event, the same in every attempt: receivers know repeats by it. Letters, digits, `_` and `-`. */
  readonly id: string
  /** Of this attempt, not of the event: receivers refuse what is older than some minutes. */
  readonly timestamp: Temporal.Instant
  /** JSON, signed and sent byte for byte. */
  readonly payload: string
  /** At least one; during a rotation the old one too. */
  readonly secrets: readonly string[]
}

/**
 * Where an attempt failed that was not answered:
 * - `dns`: the host's name has no address
 * - `address`: the URL leads to no host that may be called
 * - `connection`: nobody listens there, or not on a way to us
 * - `tls`: the connection could not be made safe, or the certificate is not the host's
 * - `timeout`: it took longer than the whole attempt may
 * - `response`: what came back is not HTTP, too long, or broke off before its status
 */
export type FailureReason = 'dns' | 'address' | 'connection' | 'tls' | 'timeout' | 'response'

/** What came of one attempt. Redirects are refusals: Standard Webhooks has receivers change the URL instead. */
export type Attempt =
  | { readonly kind: 'delivered'; readonly status: number; readonly milliseconds: number }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly retryAfterSeconds: number | null
      readonly milliseconds: number
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly milliseconds: number }

export interface WebhookSender {
  /**
   * Tries once. Never throws for what a receiver does.
   * @throws the signal's reason once that is aborted, unless the receiver has answered; RangeError for a delivery that
   * cannot be signed
   */
  send(delivery: Delivery, signal?: AbortSignal): Promise<Attempt>
}

/** Why an attempt came to no answer. */
export class Undelivered extends Error {
  override readonly name: string = 'Undelivered'
  readonly reason: FailureReason

  constructor(reason: FailureReason, cause?: unknown) {
    super(`The webhook failed: ${reason}.`, { cause })
    this.reason = reason
  }
}
