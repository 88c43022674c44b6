import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Cache } from '../cache/cache.ts'
import type { Footprint } from '../cache/footprint.ts'
import type { ResponseCache } from '../cache/response-cache.ts'
import type { KeptResponse } from '../cache/response-shelf.ts'
import type { View } from '../cache/view.ts'
import { HonzikError } from '../domain/error.ts'
import type { PreparedQueries } from '../graphql/prepared-queries.ts'
import type { PreparedQuery } from '../graphql/prepared-query.ts'
import { askedInBody, askedInUrl, isPlain, type PersistedTexts, variablesText } from './asked.ts'
import { keepBody, readBody } from './body.ts'
import type { Familiar } from './familiar.ts'
import { cacheModeOf } from './graphql-scope.ts'
import type { Lifecycle } from './lifecycle.ts'
import { answerType } from './negotiation.ts'
import type { QueryLimit, QueryLimits } from './query-limits.ts'
import { HAND_ON, type QueryRunner } from './query-runner.ts'
import type { RateLimit } from './rate-limit.ts'
import { requestId } from './request-log.ts'
import type { Sender } from './sender.ts'
import { type KnownViewer, NOBODY, type Viewers } from './viewers.ts'
import type { Visit } from './visit.ts'
import type { Whole } from './whole.ts'
import type { Verbatim } from './wire/verbatim.ts'

export interface FrontOptions {
  readonly cache: Pick<Cache, 'open' | 'openNow'>
  readonly responses: ResponseCache<Whole>
  /** Null where no answer is kept. */
  readonly familiar: Familiar | null
  /** Told of requests that may be recognised without being parsed; null where no answer is kept. */
  readonly verbatim: Verbatim | null
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
    const type = isPlain(request, bodyMax) && !lifecycle.draining ? answerType(request.headers.accept) : null
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
    try {
      this.#enter(visit)
    } catch (thrown) {
      this.#fail(visit, thrown)
    }
  }

  /** Nothing is waited for unless it has to be: a promise costs as much as a look into memory. */
  #enter(visit: Visit): void {
    const { viewers, rateLimit, familiar } = this.#options
    const recognised = familiar?.recognise(visit)
    const viewer = recognised?.viewer ?? viewers.known(visit.request.headers.authorization)
    if (viewer === undefined || rateLimit !== null) this.#watch(visit, this.#admit(visit, viewer, recognised?.key))
    else {
      visit.viewer = viewer
      this.#answer(visit, recognised?.key)
    }
  }

  async #admit(visit: Visit, known: KnownViewer | undefined, key: string | undefined): Promise<void> {
    const { viewers, rateLimit } = this.#options
    const { request } = visit
    visit.viewer = known ?? (await viewers.read(request.headers.authorization))
    if (rateLimit) {
      const { allowed, headers } = await rateLimit.take(request, visit.viewer.viewer)
      if (!allowed) return this.#handOn(visit)
      visit.limitHeaders = headers
    }
    this.#answer(visit, key)
  }

  /** @param key of the answer to a request that was recognised: nothing of it has to be parsed */
  #answer(visit: Visit, key: string | undefined): void {
    const { cache, responses } = this.#options
    const view = key === undefined ? null : cache.openNow('USE')
    if (key !== undefined && view) this.#repeat(visit, key, view)
    else if (key !== undefined && responses.has(key))
      this.#watch(
        visit,
        cache.open('USE').then((opened) => this.#repeat(visit, key, opened)),
      )
    else this.#watch(visit, this.#consider(visit))
  }

  #repeat(visit: Visit, key: string, view: View): void {
    const { responses, sender, verbatim } = this.#options
    const found = responses.find(key, view)
    // What is stale is made anew, for which it has to be known what was asked.
    if (found === undefined || found.stale) this.#watch(visit, this.#consider(visit, { view, found }))
    else {
      sender.send(visit, found.value, 'HIT', key)
      if (view.mark !== null) verbatim?.remember(visit, key, view.mark.number)
    }
  }

  #watch(visit: Visit, work: Promise<void>): void {
    work.catch((thrown) => this.#fail(visit, thrown))
  }

  /** By what the request asks. */
  async #consider(visit: Visit, before?: Before): Promise<void> {
    const { queries, responses, persisted, run, sender, familiar } = this.#options
    const { request, body, viewer } = visit
    const asked = body === null ? askedInUrl(request.url ?? '', persisted) : askedInBody(body, persisted)
    const query = asked && queries.of(asked.query, asked.operationName)
    const spelled = query && variablesText(query.variables, asked.variables)
    if (asked === null || query === null || spelled === null) return this.#handOn(visit)

    const { variables } = asked
    const key = keyOf(viewer.label, query, spelled)
    const view = before?.view ?? (await this.#open(request))
    const found = before?.found ?? responses.find(key, view)
    const wanted = (limit: QueryLimit) => ({
      key,
      view,
      policy: query.policy,
      // Whoever waits for it is not to wait for somebody who has given up.
      make: (footprint: Footprint) => limit.race(run({ visit, query, variables, view, limit, footprint })),
    })
    if (found) {
      sender.send(visit, found.value, 'HIT', key)
      // Nobody waits for it.
      if (found.stale) void this.#limited(null, (limit) => responses.renew(wanted(limit))).catch(() => {})
    } else {
      const { value, joined } = await this.#limited(visit, (limit) => responses.obtain(wanted(limit)))
      sender.send(visit, value, joined && value.status !== 'HIT' ? 'COALESCED' : value.status, key)
    }
    if (view.mark !== null && responses.has(key)) familiar?.remember(visit, key, view.mark.number)
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

/** What was found for a request that was recognised. */
interface Before {
  readonly view: View
  readonly found: KeptResponse<Whole> | undefined
}

/** No viewer is called `public`. */
const keyOf = (viewer: string, { identity, policy }: PreparedQuery, variables: string): string =>
  `${policy.scope === 'PUBLIC' ? 'public' : viewer} ${identity} ${variables}`
