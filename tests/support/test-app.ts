import { type App, startApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { parseUserId } from '../../src/domain/ids.ts'
import type { Role } from '../../src/domain/viewer.ts'
import type { World } from '../../src/open.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { openMemoryTutor } from './memory-tutor.ts'
import { REDIS_PATIENCE_MS } from './patience.ts'

export const TEST_SECRET = 'a secret for tests, at least 32 bytes long'

/** An instant that tests may call now: a Monday morning in Prague. */
export const NOW = Temporal.Instant.from('2026-11-23T08:30:00Z')

export interface GraphQLAnswer {
  /** Shapes are what the tests are about; `at` reads into it. */
  readonly data?: unknown
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions: { readonly code: string; readonly field?: string; readonly retryAfterSeconds?: number }
  }[]
}

export interface TestApp extends App {
  /** Asks as the bearer of the token; nobody without one. */
  ask(query: string, variables?: Record<string, unknown>, token?: string): Promise<GraphQLAnswer>
  post(body: string | object, headers?: Record<string, string>): Promise<Response>
  /** A token that is good at the app's own time. */
  tokenOf(role: Role, id: number): Promise<string>
  /** The log's lines so far. */
  readonly lines: readonly Record<string, unknown>[]
}

export const testConfig = (changes: Partial<Config> = {}): Config => ({
  ...readConfig({ PORT: '0', AUTH_SECRET: TEST_SECRET, NODE_ENV: 'test', WARM: 'off' }),
  redisTimeoutMs: REDIS_PATIENCE_MS,
  ...changes,
})

/** The real wiring on a free port, over the given world; the tutor is one in memory. */
export async function startTestApp(world: Partial<World>, config: Partial<Config> = {}): Promise<TestApp> {
  const lines: Record<string, unknown>[] = []
  const log = createLog('info', { write: (line: string) => lines.push(JSON.parse(line)) })
  const clock = world.clock ?? (() => NOW)
  const app = await startApp(testConfig(config), { log, clock, openTutor: async () => openMemoryTutor(), ...world })

  const post = (body: string | object, headers: Record<string, string> = {}) =>
    fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  return {
    ...app,
    lines,
    post,
    async ask(query, variables = {}, token) {
      const answer = await post({ query, variables }, token === undefined ? {} : { authorization: `Bearer ${token}` })
      return (await answer.json()) as GraphQLAnswer
    },
    async tokenOf(role, id) {
      const parsed = parseUserId(String(id))
      if (parsed === null) throw new TypeError('not an id')
      return (await app.tokens.issue({ role, id: parsed }, clock())).token
    },
  }
}

/** What stands at a path of an answer, such as `at(answer, 'data', 'users', 'pageInfo', 'endCursor')`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (inner as Record<string | number, unknown> | null | undefined)?.[name],
    value,
  )
}
