import { APIError, type ClientOptions } from 'openai'
import type { Deadline } from './deadline.ts'
import { isUnpaid } from './fault.ts'
import { retryAfterMs } from './retry-after.ts'

type Fetch = NonNullable<ClientOptions['fetch']>

/** The SDK waits as long as a server asks for only up to this; for longer, it would come back too early. */
const LONGEST_WAIT_MS = 60_000
/** What the SDK waits at most after the first, the second … attempt when the server does not say. */
const WAIT_MS = 500

/** What is sent, and what is to come back. */
export interface Content {
  readonly accept: string
  /** Null: the body's own says it. */
  readonly type: string | null
}

const JSON_ONLY: Content = { accept: 'application/json', type: 'application/json' }

/**
 * The attempts at one request. The SDK repeats them; which of them are worth it is said here, in the one header that the
 * SDK takes orders from.
 */
export class Attempts {
  readonly #apiKey: string
  readonly #deadline: Deadline
  readonly #content: Content
  #count = 0
  #owed = 0
  #hasBegun = false
  #failure: unknown

  constructor(apiKey: string, deadline: Deadline, content: Content = JSON_ONLY) {
    this.#apiKey = apiKey
    this.#deadline = deadline
    this.#content = content
  }

  /** What broke the last attempt's connection; undefined while one is under way. */
  get failure(): unknown {
    return this.#failure
  }

  /** Whether an answer has begun to come, which no error does. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /**
   * Whether anything may have to be paid: an answer that has begun, or one that was not waited for. A model that is to
   * answer in one piece shows nothing before it has written everything, so its silence says nothing of what it wrote.
   */
  get mayCost(): boolean {
    return this.#owed > 0
  }

  readonly fetch: Fetch = async (url, init) => {
    this.#count += 1
    this.#failure = undefined
    try {
      const response = await this.#sent(url, init)
      return response.ok ? response : await this.#judged(response)
    } catch (error) {
      // An attempt that was ended from here has not failed.
      if (!isEnded(init)) this.#failure = error
      throw error
    }
  }

  /** Every attempt may have to be paid, but for those that are known to have come to nothing. */
  async #sent(url: Parameters<Fetch>[0], init: RequestInit | undefined): Promise<Response> {
    // What is ended by now is not sent.
    init?.signal?.throwIfAborted()
    this.#owed += 1
    try {
      const response = await fetch(url, { ...init, headers: this.#headers() })
      if (response.ok) this.#hasBegun = true
      else this.#owed -= 1
      return response
    } catch (error) {
      if (!isEnded(init)) this.#owed -= 1
      throw error
    }
  }

  /** Only what is needed: the SDK would add what it finds in the environment, and what it knows of this machine. */
  #headers(): Record<string, string> {
    const { accept, type } = this.#content
    return {
      accept,
      authorization: `Bearer ${this.#apiKey}`,
      ...(type !== null && { 'content-type': type }),
      'user-agent': 'honzik',
    }
  }

  async #judged(response: Response): Promise<Response> {
    const { status, statusText } = response
    const text = await response.text()
    const headers = new Headers(response.headers)
    const failure = APIError.generate(status, parsed(text), undefined, headers)
    if (!this.#isWorthRetrying(failure, headers)) headers.set('x-should-retry', 'false')
    return new Response(text, { status, statusText, headers })
  }

  #isWorthRetrying({ status, code, type }: APIError, headers: Headers): boolean {
    if (isUnpaid(status, code, type)) return false
    const wait = retryAfterMs(headers) ?? WAIT_MS * 2 ** (this.#count - 1)
    return wait <= LONGEST_WAIT_MS && wait < this.#deadline.left
  }
}

const isEnded = (init: RequestInit | undefined): boolean => init?.signal?.aborted === true

/** An error's body: JSON by custom, but a proxy may have written it. */
function parsed(text: string): object {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
