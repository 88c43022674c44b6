import OpenAI from 'openai'
import type { Attempts } from './attempts.ts'

export interface ClientOptions {
  readonly apiKey: string
  readonly baseUrl: string
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number
  /** How often a failed attempt is repeated. */
  readonly maxRetries: number
}

/** Everything that the SDK would otherwise look up in the environment is given, or given as not there. */
export function createClient(options: ClientOptions, { fetch }: Attempts): OpenAI {
  const { apiKey, baseUrl: baseURL, timeoutMs: timeout, maxRetries } = options
  // With it the SDK does not have to find out by a request whether forms can be sent.
  const sending = Object.assign((...sent: Parameters<typeof fetch>) => fetch(...sent), { Response })
  const nothing = { adminAPIKey: null, organization: null, project: null, webhookSecret: null }
  return new OpenAI({ ...nothing, apiKey, baseURL, fetch: sending, timeout, maxRetries, logLevel: 'off' })
}
