import { beginDelivery, buryDelivery, endDelivery, releaseDelivery } from '../commands/delivery-steps.ts'
import { Overtaken } from '../commands/job-steps.ts'
import type { DeliveryAttempt, Dispatch } from '../commands/webhook-writes.ts'
import type { Clock } from '../domain/calendar.ts'
import type { AttemptOutcome, DeliveryError } from '../domain/delivery.ts'
import { type DeliveryId, parseDeliveryId } from '../domain/ids.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Session } from '../session/session.ts'
import type { Attempt, FailureReason, WebhookSender } from '../webhooks/delivery.ts'
import type { Vault } from '../webhooks/vault.ts'
import type { Entry } from './queue.ts'
import { Closing, Lost } from './worker.ts'

/** What stands in the queue of deliveries. */
export interface DeliveryTask {
  readonly deliveryId: DeliveryId
  readonly revision: number
}

export interface DeliveriesDeps {
  /** A session for somebody, whose work is given up when the signal is aborted. */
  readonly session: (viewer: Viewer, signal: AbortSignal) => Pick<Session, 'perform'>
  readonly sender: WebhookSender
  readonly vault: Pick<Vault, 'open'>
  readonly clock: Clock
  /** From 0 to 1, 1 excluded: so that those who failed together do not come back together. */
  readonly chance: () => number
  /** Hears of faults; must not throw. */
  readonly fault: (error: unknown) => void
}

/** Steps of the worker itself, which may see every delivery. */
const WORKER: Viewer = { role: 'staff', id: null }

/** Sends webhooks, each at least once: a process may end between the receiver's answer and its being written down. */
export class Deliveries {
  readonly #deps: DeliveriesDeps

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps
  }

  /** Brings one attempt to its end, whatever that is. */
  async run(entry: Entry<DeliveryTask>, signal: AbortSignal): Promise<void> {
    const attempt = attemptAt(entry, 'deliveries')
    const begun = this.#deps.clock()
    const dispatch = await this.#worker(signal).perform(beginDelivery(attempt))
    if (dispatch === null) return
    const worker = this.#worker(new AbortController().signal)
    try {
      const outcome = await this.#outcomeOf(dispatch, begun, signal)
      await worker.perform(endDelivery(attempt, outcome, begun, this.#deps.chance()))
    } catch (error) {
      // Whoever has it now will bring it to its end.
      if (error instanceof Lost || error instanceof Overtaken) return
      if (!(error instanceof Closing)) throw error
      await worker.perform(releaseDelivery(attempt)).catch(unlessOvertaken)
    }
  }

  /** Gives up a delivery that no worker has survived. */
  async bury(entry: Entry<DeliveryTask>, signal: AbortSignal): Promise<void> {
    await this.#worker(signal)
      .perform(buryDelivery(attemptAt(entry, 'lost-deliveries')))
      .catch(unlessOvertaken)
  }

  /** @throws the signal's reason once that is aborted */
  async #outcomeOf(
    { delivery, url, sealed }: Dispatch,
    timestamp: Temporal.Instant,
    signal: AbortSignal,
  ): Promise<AttemptOutcome> {
    const { sender, vault, fault } = this.#deps
    try {
      const { id, webhookId, payload } = delivery
      const secrets = secretsIn(sealed, (secret) => vault.open(secret, webhookId))
      return outcomeOf(await sender.send({ url, id, timestamp, payload, secrets }, signal))
    } catch (error) {
      signal.throwIfAborted()
      fault(error)
      // Another process may have the secret that this one lacks, so it is worth the other attempts.
      const isSealed = error instanceof Error && error.name === 'VaultError'
      return failed(isSealed ? 'SECRET_UNREADABLE' : 'INTERNAL_SERVER_ERROR')
    }
  }

  #worker(signal: AbortSignal): Pick<Session, 'perform'> {
    return this.#deps.session(WORKER, signal)
  }
}

/** An older secret that cannot be read is no reason not to sign with the newest one. */
function secretsIn([newest, ...older]: readonly string[], open: (sealed: string) => string): readonly string[] {
  if (newest === undefined) return []
  const readable = older.flatMap((sealed) => {
    try {
      return [open(sealed)]
    } catch {
      return []
    }
  })
  return [open(newest), ...readable]
}

function unlessOvertaken(error: unknown): void {
  if (!(error instanceof Overtaken)) throw error
}

const attemptAt = (
  { id, retryCount, task }: Entry<DeliveryTask>,
  queue: DeliveryAttempt['entry']['queue'],
): DeliveryAttempt => ({ entry: { queue, id, retryCount }, ...task })

const ERRORS: Record<FailureReason, DeliveryError> = {
  dns: 'DNS',
  address: 'ADDRESS',
  connection: 'CONNECTION',
  tls: 'TLS',
  timeout: 'TIMEOUT',
  response: 'RESPONSE',
}

const failed = (error: DeliveryError): AttemptOutcome => ({ status: null, error, retryAfterSeconds: null })

function outcomeOf(attempt: Attempt): AttemptOutcome {
  if (attempt.kind === 'failed') return failed(ERRORS[attempt.reason])
  const { status } = attempt
  if (attempt.kind === 'delivered') return { status, error: null, retryAfterSeconds: null }
  return { status, error: 'REFUSED', retryAfterSeconds: attempt.retryAfterSeconds }
}

/** @throws TypeError for a task of another release that this one does not know */
export function readDeliveryTask(task: unknown): DeliveryTask {
  if (typeof task === 'object' && task !== null && 'deliveryId' in task && 'revision' in task) {
    const deliveryId = typeof task.deliveryId === 'string' ? parseDeliveryId(task.deliveryId) : null
    const { revision } = task
    if (deliveryId !== null && typeof revision === 'number') return { deliveryId, revision }
  }
  throw new TypeError('not a delivery of a webhook')
}
