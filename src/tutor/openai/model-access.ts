const OPENAI_URL = 'https://api.openai.com/v1'
/** Sent to servers that want no key, since the SDK wants one. */
const NO_KEY = 'none'

export interface ModelAccessOptions {
  /** Null for servers that want none. */
  readonly apiKey: string | null
  /** Of a server that speaks like OpenAI's, up to and with `/v1`; null: OpenAI itself. */
  readonly baseUrl: string | null
  /** How often a failed attempt is repeated. @default 2 */
  readonly maxRetries?: number
}

/** Where models are asked, and with what. @throws TypeError when there is neither a key nor a server */
export function modelAccess({ apiKey, baseUrl, maxRetries = 2 }: ModelAccessOptions) {
  if (apiKey === null && baseUrl === null) throw new TypeError('a model needs a key or a base URL')
  return { apiKey: apiKey ?? NO_KEY, baseUrl: baseUrl ?? OPENAI_URL, maxRetries }
}
