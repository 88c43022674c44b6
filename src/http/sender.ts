import type { FastifyBaseLogger } from 'fastify'
import type { CacheStatus } from '../graphql/notes.ts'
import type { AnswerReporter } from './answered.ts'
import { errorAnswer } from './errors.ts'
import type { Lifecycle } from './lifecycle.ts'
import { lineOf, type Seen } from './request-log.ts'
import type { RequestTrace, RequestTraces } from './request-traces.ts'
import type { KnownViewer } from './viewers.ts'
import type { Visit } from './visit.ts'
import { answerWith, compress, needsCompression, type Wanting, type Whole, wantingOf } from './whole.ts'
import { linesOf, Wording } from './wire/octets.ts'
import type { KnownRequest } from './wire/verbatim.ts'
import type { Octets } from './wire/wire.ts'

export interface SenderOptions {
  readonly log: FastifyBaseLogger
  readonly answered: AnswerReporter
  readonly lifecycle: Pick<Lifecycle, 'draining'>
  /** By the request's origin, names and values in turns. */
  readonly standingHeaders: (origin: string | undefined) => readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds that clients are told an idle connection stays open. */
  readonly keepAliveMs: number
  /** Told that an answer, which may be kept under the name, has grown by so many bytes. */
  readonly grown: (name: string, whole: Whole, bytes: number) => void
  /** Null where nothing is traced. */
  readonly traces: RequestTraces | null
}

/** A request that was recognised by its bytes. */
export interface Repeat {
  readonly known: KnownRequest
  /** Its name in the answer and in the log. */
  readonly id: string
  /** When it arrived, on the process's monotonic clock, in milliseconds. */
  readonly arrived: number
  /** Names and values in turns. */
  readonly limitHeaders: readonly string[]
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
  readonly #wording: Wording
  readonly #lines = new WeakMap<readonly string[], string>()

  constructor(options: SenderOptions) {
    this.#options = options
    this.#wording = new Wording(options.keepAliveMs)
    this.#tells = options.traces !== null || TELLING.has(options.log.level)
  }

  /** @param name under which the answer may be kept */
  send(visit: Visit, whole: Whole, cache: CacheStatus, name: string): void {
    const wanting = wantingOf(visit.request)
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
    const { error, status, body } = errorAnswer(thrown, this.#traceOf(visit)?.traceId)
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

  /** A kept answer as octets, for a connection on which nothing else is under way and which stays open. */
  octets({ known, id, arrived, limitHeaders }: Repeat, whole: Whole): Octets {
    const reply = answerWith(whole, { ...known, cache: 'HIT' }, this.#options.now())
    const lines = this.#standingLines(known.origin) + linesOf(['x-request-id', id, ...limitHeaders])
    const { operation, codes, cause } = whole
    const told = { operation, cache: 'HIT', codes, cause } as const
    this.#count(told, known.viewer, arrived)
    const seen = { method: known.wanting.method, arrived, viewer: known.viewer.label, sql: 0, status: reply.status }
    const written = (error?: Error | null) => {
      const trace = this.#options.traces?.begin(known.traceparent, arrived)
      this.#write(id, { ...seen, ...told, finished: !error }, trace)
    }
    return { text: this.#wording.of(reply, lines, Date.now()), written: this.#tells ? written : null }
  }

  #sendNow(visit: Visit, whole: Whole, cache: CacheStatus, wanting: Wanting): void {
    const { response, type } = visit
    const { status, headers, body } = answerWith(whole, { wanting, type, cache }, this.#options.now())
    const { operation, codes, cause } = whole
    this.#note(visit, { operation, cache, codes, cause })
    response.writeHead(status, [...this.#headersOf(visit), ...headers])
    if (body === null) response.end()
    else response.end(body, 'latin1')
  }

  #headersOf({ request, id, limitHeaders }: Visit): readonly string[] {
    const standing = this.#options.standingHeaders(request.headers.origin)
    // Its connection would be waited for.
    const closing = this.#options.lifecycle.draining ? ['connection', 'close'] : []
    return [...standing, 'x-request-id', id, ...limitHeaders, ...closing]
  }

  /** There are as many as origins that are known, and two more. */
  #standingLines(origin: string | undefined): string {
    const standing = this.#options.standingHeaders(origin)
    return this.#lines.getOrInsertComputed(standing, () => linesOf(standing))
  }

  /** Also when the client goes before its answer has arrived. */
  #note(visit: Visit, told: Told): void {
    this.#count(told, visit.viewer, visit.arrived)
    if (!this.#tells) return
    if (visit.response.destroyed) this.#tell(visit, told)
    else visit.response.once('close', () => this.#tell(visit, told))
  }

  #count({ operation, cache, codes }: Told, { viewer }: KnownViewer, arrived: number): void {
    const signedIn = viewer.role !== 'nobody'
    this.#options.answered({ operation, cache, codes, signedIn, ms: performance.now() - arrived })
  }

  #traceOf({ request, arrived }: Visit): RequestTrace | undefined {
    return this.#options.traces?.of(request, arrived)
  }

  #tell(visit: Visit, told: Told): void {
    const { request, response, id, arrived, viewer, statements } = visit
    const seen = { method: request.method, arrived, viewer: viewer.label, sql: statements.count }
    this.#write(
      id,
      { ...seen, ...told, status: response.statusCode, finished: response.writableFinished },
      this.#traceOf(visit),
    )
  }

  #write(id: string, told: Omit<Seen, 'route'>, trace: RequestTrace | undefined): void {
    const seen = { ...told, route: '/graphql' }
    const line = lineOf(seen)
    if (trace) {
      trace.end({ ...seen, type: seen.operation === undefined ? undefined : 'query' })
      line['traceId'] = trace.traceId
    }
    this.#options.log.info({ reqId: id, ...line }, 'request')
  }
}

/** The levels at which requests are logged. */
const TELLING = new Set(['info', 'debug', 'trace'])
