import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Cache } from '../cache/cache.ts'
import type { ResponseCache } from '../cache/response-cache.ts'
import type { View } from '../cache/view.ts'
import { HonzikError } from '../domain/error.ts'
import type { PreparedQueries } from '../graphql/prepared-queries.ts'
import type { PreparedQuery } from '../graphql/prepared-query.ts'
import { askedInBody, askedInUrl, isPlain, type PersistedTexts, variablesText } from './asked.ts'
import { keepBody, readBody } from './body.ts'
import { cacheModeOf } from './graphql-scope.ts'
import type { Lifecycle } from './lifecycle.ts'
import { answerType } from './negotiation.ts'
import type { QueryLimit, QueryLimits } from './query-limits.ts'
import { HAND_ON, type QueryRunner } from './query-runner.ts'
import type { RateLimit } from './rate-limit.ts'
import { requestId } from './request-log.ts'
import type { Sender } from './sender.ts'
import { NOBODY, type Viewers } from './viewers.ts'
import type { Visit } from './visit.ts'
import type { Whole } from './whole.ts'

export interface FrontOptions {
  readonly cache: Pick<Cache, 'open' | 'openNow'>
  readonly responses: ResponseCache<Whole>
  readonly queries: PreparedQueries
  readonly run: QueryRunner
  readonly limits: QueryLimits
  readonly sender: Sender
  readonly viewers: Viewers
  readonly persisted: PersistedTexts
  /** Null: no limit. */
  readonly rateLimit: RateLimit | null
  readonly lifecycle: Lifecycle
  /** Bytes of a body at most. */
  readonly bodyMax: number
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** Bytes of a request up to which it is recognised by its bytes. */
const NAMED_MAX = 8_192

/**
 * Answers queries whose answers may be kept, before and past everything that is there for all requests: a kept answer
 * to a request that has been seen before is sent before anything of it is parsed, but after its viewer is known and the
 * sequence was asked. Whatever is not such a query, or needs a word of explanation, goes on as if nobody had stood here.
 */
export class Front {
  readonly #options: FrontOptions
  #next: Listener = () => {}

  constructor(options: FrontOptions) {
    this.#options = options
  }

  /** Stands before what the server's requests are answered by so far. */
  standBefore(server: Server): void {
    const listeners = server.listeners('request')
    server.removeAllListeners('request')
    this.#next = (request, response) => {
      for (const listener of listeners) listener.call(server, request, response)
    }
    server.on('request', (request, response) => this.#receive(request, response))
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const { lifecycle, bodyMax } = this.#options
    const type = isPlain(request) && !lifecycle.draining ? answerType(request.headers.accept) : null
    if (type === null) {
      this.#next(request, response)
      return
    }
    const arrived = performance.now()
    const visitWith = (body: Buffer | null): Visit => ({
      request,
      response,
      id: requestId(request),
      arrived,
      type,
      body,
      statements: { count: 0 },
      viewer: NOBODY,
      limitHeaders: [],
    })
    if (request.method === 'GET') this.#begin(visitWith(null))
    else
      readBody(request, bodyMax, (body) => {
        if (!(body instanceof HonzikError)) this.#begin(visitWith(body))
        else if (response.destroyed) this.#options.sender.abandon(visitWith(null))
        else {
          keepBody(request, body)
          this.#next(request, response)
        }
      })
  }

  #begin(visit: Visit): void {
    this.#answer(visit).catch((thrown) => this.#fail(visit, thrown))
  }

  /** By what the request is recognised as one that came before; parses nothing. */
  async #answer(visit: Visit): Promise<void> {
    const { viewers, rateLimit, responses, sender } = this.#options
    const { request } = visit
    const { authorization } = request.headers
    visit.viewer = viewers.known(authorization) ?? (await viewers.read(authorization))
    if (rateLimit) {
      const { allowed, headers } = await rateLimit.take(request, visit.viewer.viewer)
      if (!allowed) return this.#handOn(visit)
      visit.limitHeaders = headers
    }
    const name = nameOf(visit)
    if (name === null || !responses.has(name)) return this.#consider(visit, name, null)
    const view = await this.#open(request)
    const found = responses.find(name, view)
    // What is stale is made anew, for which it has to be known what was asked.
    if (found === undefined || found.stale) return this.#consider(visit, name, view)
    sender.send(visit, found.value, 'HIT', name)
  }

  /** By what the request asks. */
  async #consider(visit: Visit, name: string | null, opened: View | null): Promise<void> {
    const { queries, responses, persisted, run, sender } = this.#options
    const { request, body, viewer } = visit
    const asked = body === null ? askedInUrl(request.url ?? '', persisted) : askedInBody(body, persisted)
    const query = asked && queries.of(asked.query, asked.operationName)
    const spelled = query && variablesText(query.variables, asked.variables)
    if (asked === null || query === null || spelled === null) return this.#handOn(visit)

    const { variables } = asked
    const key = keyOf(viewer.label, query, spelled)
    const view = opened ?? (await this.#open(request))
    const found = responses.find(key, view)
    const wanted = (limit: QueryLimit) => ({
      key,
      view,
      policy: query.policy,
      make: () => run({ visit, query, variables, view, limit }),
    })
    if (found) {
      sender.send(visit, found.value, 'HIT', key)
      // Nobody waits for it.
      if (found.stale) void this.#limited(null, (limit) => responses.renew(wanted(limit))).catch(() => {})
    } else {
      const { value, joined } = await this.#limited(visit, (limit) => responses.obtain(wanted(limit)))
      sender.send(visit, value, joined && value.status !== 'HIT' ? 'COALESCED' : value.status, key)
    }
    if (name !== null) responses.name(key, name)
  }

  /** @param visit null for work that nobody waits for */
  async #limited<Result>(visit: Visit | null, work: (limit: QueryLimit) => Promise<Result>): Promise<Result> {
    using limit = this.#options.limits.begin(visit?.response ?? null)
    return await limit.race(work(limit))
  }

  async #open({ headers }: IncomingMessage): Promise<View> {
    const { cache } = this.#options
    const mode = cacheModeOf(headers['cache-control'])
    return cache.openNow(mode) ?? cache.open(mode)
  }

  #handOn({ request, response, body }: Visit): void {
    if (body !== null) keepBody(request, body)
    this.#next(request, response)
  }

  #fail(visit: Visit, thrown: unknown): void {
    if (thrown === HAND_ON) this.#handOn(visit)
    else this.#options.sender.fail(visit, thrown)
  }
}

/** The bytes of the request and all else that its answer depends on; null when it is not recognised so. */
function nameOf({ request, body, viewer, type }: Visit): string | null {
  const asked = body === null ? (request.url ?? '') : body
  if (asked.length > NAMED_MAX || cacheModeOf(request.headers['cache-control']) !== 'USE') return null
  return `${request.method} ${type} ${viewer.label} ${typeof asked === 'string' ? asked : asked.toString('latin1')}`
}

/** No name begins like it, and no viewer is called `public`. */
const keyOf = (viewer: string, { identity, policy }: PreparedQuery, variables: string): string =>
  `= ${policy.scope === 'PUBLIC' ? 'public' : viewer} ${identity} ${variables}`
