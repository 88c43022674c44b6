import { APIError, type ClientOptions } from 'openai'
import type { Deadline } from './deadline.ts'
import { isUnpaid } from './fault.ts'
import { retryAfterMs } from './retry-after.ts'

type Fetch = NonNullable<ClientOptions['fetch']>

/** The SDK waits as long as a server asks for only up to this; for longer, it would come back too early. */
const LONGEST_WAIT_MS = 60_000
/** What the SDK waits at most after the first, the second … attempt when the server does not say. */
const WAIT_MS = 500

/**
 * The attempts at one request. The SDK repeats them; which of them are worth it is said here, in the one header that the
 * SDK takes orders from.
 */
export class Attempts {
  readonly #apiKey: string
  readonly #deadline: Deadline
  #count = 0
  #failure: unknown

  constructor(apiKey: string, deadline: Deadline) {
    this.#apiKey = apiKey
    this.#deadline = deadline
  }

  /** What broke the last attempt's connection; undefined while one is under way. */
  get failure(): unknown {
    return this.#failure
  }

  readonly fetch: Fetch = async (url, init) => {
    this.#count += 1
    this.#failure = undefined
    try {
      const response = await fetch(url, { ...init, headers: this.#headers() })
      return response.ok ? response : await this.#judged(response)
    } catch (error) {
      // An attempt that was ended from here has not failed.
      if (!this.#deadline.signal.aborted) this.#failure = error
      throw error
    }
  }

  /** Only what is needed: the SDK would add what it finds in the environment, and what it knows of this machine. */
  #headers(): Record<string, string> {
    return {
      accept: 'application/json',
      authorization: `Bearer ${this.#apiKey}`,
      'content-type': 'application/json',
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

/** An error's body: JSON by custom, but a proxy may have written it. */
function parsed(text: string): object {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
