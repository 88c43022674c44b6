import type { FastifyBaseLogger } from 'fastify'
import type { CacheStatus } from '../graphql/notes.ts'
import { errorAnswer } from './errors.ts'
import type { Lifecycle } from './lifecycle.ts'
import { encodingsOf } from './negotiation.ts'
import { lineOf } from './request-log.ts'
import type { Visit } from './visit.ts'
import { compress, needsCompression, replyWith, type Wanting, type Whole } from './whole.ts'

export interface SenderOptions {
  readonly log: FastifyBaseLogger
  readonly lifecycle: Pick<Lifecycle, 'draining'>
  /** By the request's origin, names and values in turns. */
  readonly standingHeaders: (origin: string | undefined) => readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Told that an answer, which may be kept under the name, has grown by so many bytes. */
  readonly grown: (name: string, whole: Whole, bytes: number) => void
}

/** What the log is told of an answer. */
interface Told {
  readonly operation: string | null | undefined
  readonly cache: CacheStatus | null
  readonly codes: readonly string[]
  readonly cause: string | undefined
}

/** Sends answers past the framework, with the headers and the line in the log that it would give them. */
export class Sender {
  readonly #options: SenderOptions
  readonly #tells: boolean

  constructor(options: SenderOptions) {
    this.#options = options
    this.#tells = TELLING.has(options.log.level)
  }

  /** @param name under which the answer may be kept */
  send(visit: Visit, whole: Whole, cache: CacheStatus, name: string): void {
    const wanting = wantingOf(visit)
    if (needsCompression(wanting, whole))
      compress(whole).then(
        (bytes) => {
          this.#options.grown(name, whole, bytes)
          this.#sendNow(visit, whole, cache, wanting)
        },
        (thrown) => this.fail(visit, thrown),
      )
    else this.#sendNow(visit, whole, cache, wanting)
  }

  /** Answers with an error that ends the whole request. */
  fail(visit: Visit, thrown: unknown): void {
    const { log } = this.#options
    const { error, status, body } = errorAnswer(thrown)
    if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ reqId: visit.id, err: thrown }, 'fault')
    this.#note(visit, { operation: undefined, cache: null, codes: [error.code], cause: undefined })
    if (visit.response.headersSent) {
      visit.response.destroy()
      return
    }
    const bytes = Buffer.from(body)
    visit.response.writeHead(status, [
      ...this.#headersOf(visit),
      'content-type',
      'application/json; charset=utf-8',
      'cache-control',
      'no-store',
      ...(error.retryAfterSeconds === undefined ? [] : ['retry-after', String(error.retryAfterSeconds)]),
      'content-length',
      String(bytes.length),
    ])
    visit.response.end(bytes)
  }

  /** The client has gone before it had asked anything. */
  abandon(visit: Visit): void {
    this.#tell(visit, { operation: undefined, cache: null, codes: [], cause: undefined })
  }

  #sendNow(visit: Visit, whole: Whole, cache: CacheStatus, wanting: Wanting): void {
    const { response, type } = visit
    const { status, headers, body } = replyWith(whole, wanting, this.#options.now())
    const { operation, codes, cause } = whole
    this.#note(visit, { operation, cache, codes, cause })
    const own = this.#headersOf(visit)
    if (body === null) response.writeHead(status, [...own, 'x-cache', cache, ...headers]).end()
    else
      response.writeHead(status, [...own, 'x-cache', cache, 'content-type', TYPE[type], ...headers]).end(body, 'latin1')
  }

  #headersOf({ request, id, limitHeaders }: Visit): readonly string[] {
    const standing = this.#options.standingHeaders(request.headers.origin)
    // Its connection would be waited for.
    const closing = this.#options.lifecycle.draining ? ['connection', 'close'] : []
    return [...standing, 'x-request-id', id, ...limitHeaders, ...closing]
  }

  /** Also when the client goes before its answer has arrived. */
  #note(visit: Visit, told: Told): void {
    if (!this.#tells) return
    if (visit.response.destroyed) this.#tell(visit, told)
    else visit.response.once('close', () => this.#tell(visit, told))
  }

  #tell({ request, response, id, arrived, viewer, statements }: Visit, told: Told): void {
    const seen = { method: request.method, route: '/graphql', response, arrived, viewer: viewer.label }
    this.#options.log.info({ reqId: id, ...lineOf({ ...seen, sql: statements.count, ...told }) }, 'request')
  }
}

/** The levels at which requests are logged. */
const TELLING = new Set(['info', 'debug', 'trace'])

const TYPE = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
} as const

const wantingOf = ({ request: { method, headers } }: Visit): Wanting => ({
  method,
  ifNoneMatch: headers['if-none-match'],
  acceptEncoding: encodingsOf(headers),
})
