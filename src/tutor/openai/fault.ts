import { APIConnectionTimeoutError, APIError } from 'openai'
import type { Trouble } from '../../replies/tutor.ts'
import { retryAfterSeconds } from './retry-after.ts'

export interface FaultDetails {
  /** Whole seconds after which the model may answer, where it said so. */
  readonly retryAfterSeconds?: number | undefined
  /** Whether the model had begun to answer, of what ended an answer before its time. @default false */
  readonly hasBegun?: boolean
  /** What was thrown underneath. */
  readonly cause?: unknown
}

/** Why a model gave no answer. Never shown to callers: its message may quote the model's server. */
export class Fault extends Error {
  override readonly name: string = 'Fault'
  readonly trouble: Trouble
  readonly retryAfterSeconds: number | undefined
  readonly hasBegun: boolean

  constructor(trouble: Trouble, message: string, details: FaultDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.trouble = trouble
    this.retryAfterSeconds = details.retryAfterSeconds
    this.hasBegun = details.hasBegun ?? false
  }
}

/** Nobody waits for the answer any longer: no trouble of the model's. */
export class Abandoned extends Error {
  override readonly name: string = 'Abandoned'
}

/** Codes that say that there is no money left, or none was ever paid. Time does not heal them, so a retry is useless. */
const UNPAID = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  'insufficient_balance',
  'insufficient_credits',
])

/** Whether an answer's status and the code or type in its body say that the account cannot pay. */
export const isUnpaid = (status: number | undefined, ...codes: readonly unknown[]): boolean =>
  status === 402 || codes.some((code) => typeof code === 'string' && UNPAID.has(code))

/** What the SDK, `fetch` or a reader of ours has thrown, as a fault. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error
  if (error instanceof APIConnectionTimeoutError) return new Fault('timeout', error.message, { cause: error })
  if (error instanceof APIError) return answeredFault(error)
  if (error instanceof SyntaxError) return new Fault('invalid-json', error.message, { cause: error })
  // What is left has no class of its own: sockets closed, bodies cut short, names not found.
  return new Fault('connection', 'The connection to the model broke.', { cause: error })
}

function answeredFault(error: APIError): Fault {
  const trouble = troubleOf(error)
  const wait = error.headers === undefined ? undefined : retryAfterSeconds(error.headers)
  return new Fault(trouble, error.message, { cause: error, retryAfterSeconds: wait })
}

function troubleOf({ status, code, type, error }: APIError): Trouble {
  if (isUnpaid(status, code, type)) return 'quota'
  if (code === 'content_filter') return 'refusal'
  // Without a status it either never came to an answer, or the answer broke off with an error in the stream.
  if (status === undefined) return error === undefined ? 'connection' : inStream(code, type)
  if (status === 429) return 'rate-limited'
  if (status === 401 || status === 403) return 'refused-key'
  if (status === 408) return 'timeout'
  return status >= 500 ? 'server-error' : 'bad-request'
}

const inStream = (...codes: readonly unknown[]): Trouble =>
  codes.includes('rate_limit_exceeded') ? 'rate-limited' : 'server-error'
