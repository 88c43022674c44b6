/** Everything that the fake can do wrong. */
export type Trouble =
  /** An error in the form of OpenAI's. `code` is its code and type, such as `insufficient_quota`; `endless`: has no end. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly code?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly endless?: boolean
    }
  /** The connection is reset before anything is answered. */
  | { readonly kind: 'reset' }
  /** Nothing is answered, ever. */
  | { readonly kind: 'hang' }
  /** The answer comes in pieces of `bytes` with `everyMs` between them; after `stallAfter` pieces nothing more. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number; readonly stallAfter?: number }
  /**
   * The connection breaks off after so many bytes of the body, or that many before its end when negative; `politely`: it
   * ends as if the answer were complete.
   */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly politely?: boolean }
  /** An error in the middle of a stream, after so many pieces. */
  | { readonly kind: 'break'; readonly afterPieces: number; readonly code?: string }
  | { readonly kind: 'refusal' }
  | { readonly kind: 'content-filter' }
  /** The answer ends in the middle, for it has become too long. */
  | { readonly kind: 'length' }
  /** An answer that is no answer of the asked shape: any text, or anything as JSON. */
  | { readonly kind: 'content'; readonly content: unknown }
  /** The usual answer, with other values in it. */
  | { readonly kind: 'answer'; readonly changes: Readonly<Record<string, unknown>> }
  /** The usual answer, with something else said of the tokens it took; undefined: nothing. */
  | { readonly kind: 'usage'; readonly usage: unknown }
  /** So many bytes of whatever it is instead of speech, with another media type where that is given. */
  | { readonly kind: 'sound'; readonly bytes: number; readonly type?: string }
  /** A page of a proxy instead of an answer. */
  | { readonly kind: 'page' }
  /** JSON, but of no chat completion. */
  | { readonly kind: 'stranger' }
  /** The usual answer, but so much later. */
  | { readonly kind: 'late'; readonly milliseconds: number }

export const rateLimited = (retryAfter?: string): Trouble => ({
  kind: 'status',
  status: 429,
  code: 'rate_limit_exceeded',
  ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
})
export const unpaid: Trouble = { kind: 'status', status: 429, code: 'insufficient_quota' }
export const wrongKey: Trouble = { kind: 'status', status: 401, code: 'invalid_api_key' }
export const serverError: Trouble = { kind: 'status', status: 500, code: 'server_error' }

/** What `[fake:…]` in a learner's message asks for, for exploring by hand. */
const BY_NAME: Readonly<Record<string, Trouble>> = {
  '429': rateLimited('7'),
  '401': wrongKey,
  '500': serverError,
  '503': { kind: 'status', status: 503 },
  quota: unpaid,
  reset: { kind: 'reset' },
  hang: { kind: 'hang' },
  slow: { kind: 'drip', bytes: 12, everyMs: 100 },
  stall: { kind: 'drip', bytes: 12, everyMs: 20, stallAfter: 20 },
  late: { kind: 'late', milliseconds: 3_000 },
  cut: { kind: 'cut', afterBytes: 400 },
  break: { kind: 'break', afterPieces: 3 },
  refusal: { kind: 'refusal' },
  filter: { kind: 'content-filter' },
  length: { kind: 'length' },
  json: { kind: 'content', content: '{"reply": "Ahoj' },
  schema: { kind: 'content', content: { reply: 'Ahoj?' } },
  page: { kind: 'page' },
  'no-usage': { kind: 'usage', usage: undefined },
}

export const TROUBLE_NAMES = Object.keys(BY_NAME)

export const troubleIn = (text: string): Trouble | undefined => BY_NAME[/\[fake:([a-z0-9-]+)\]/i.exec(text)?.[1] ?? '']
