import { describe, expect, test } from 'vitest'
import { type Import, type Module, readModule, readModules } from './source.ts'

/** What the modules of one floor may import besides each other. */
interface Floor {
  /** Floors, single modules, packages (`@scope/*` for all of a scope) and `node:*`. */
  readonly imports: readonly string[]
  /** The same, but by `import type` only. */
  readonly types?: readonly string[]
}

const PORTS = [
  'replies/ledger.ts',
  'loaders/readers.ts',
  'commands/unit-of-work.ts',
  'commands/webhook-writes.ts',
  'commands/schedule-writes.ts',
  'commands/command.ts',
  'cache/outbox.ts',
  'work/notices.ts',
  'work/queue.ts',
]

/** The whole architecture. A floor is a folder of `src`, or a module that stands in `src` itself. */
const FLOORS: Record<string, Floor> = {
  domain: { imports: [] },
  // Could be lifted out as a library: it knows nothing of Honzík. What it stores is compressed by the runtime itself.
  cache: { imports: ['node:zlib'] },
  loaders: { imports: ['domain', 'cache', 'dataloader', 'typebox'], types: ['replies/tutor.ts', 'replies/voice.ts'] },
  // Answers that cost money: remembered, counted, paid for.
  replies: { imports: ['domain', 'cache', 'node:crypto'] },
  // A command sees its transaction and no cache: what it decides on must not be old.
  commands: { imports: ['domain'], types: ['cache/outbox.ts'] },
  // What one caller may do: reads, changes, the tutor. The same for a request and for a job.
  session: { imports: ['domain', 'loaders', 'commands', 'replies', 'cache'] },
  graphql: {
    imports: [
      'domain',
      'loaders',
      'commands',
      'session',
      'cache',
      '@apollo/server',
      '@escape.tech/*',
      '@graphql-tools/schema',
      'graphql',
      'graphql-jit',
      'graphql-query-complexity',
      'graphql-scalars',
      'graphql-sse',
      'graphql-ws',
      'node:*',
    ],
  },
  http: {
    imports: [
      'domain',
      'cache',
      'loaders',
      'commands',
      'graphql',
      '@apollo/server',
      '@fastify/*',
      'canonicalize',
      'fastify',
      'graphql-ws',
      'negotiator',
      'range-parser',
      'rate-limiter-flexible',
      'node:*',
    ],
  },
  // What is done without anybody's waiting for it.
  work: {
    imports: ['domain', 'cache', 'loaders', 'commands', 'session'],
    types: ['replies', 'webhooks/delivery.ts', 'webhooks/vault.ts'],
  },
  jobs: { imports: ['pg-boss', 'work/notices.ts', 'work/queue.ts'] },
  audio: { imports: ['domain', 'node:crypto'] },
  webhooks: { imports: ['domain', 'ipaddr.js', 'standardwebhooks', 'node:*'] },
  auth: { imports: ['domain', 'jose', 'node:*'], types: PORTS },
  db: {
    imports: ['domain', 'work/notices.ts', 'drizzle-orm', 'postgres', '@electric-sql/*', 'node:*'],
    types: PORTS,
  },
  tutor: {
    imports: ['domain', '@streamparser/json', 'canonicalize', 'cockatiel', 'hunspell-wasm', 'openai', 'zod', 'node:*'],
    types: ['replies/tutor.ts', 'replies/voice.ts'],
  },
  redis: { imports: ['cache', 'ioredis', 'node:*'] },
  telemetry: {
    imports: ['domain', 'cache', '@opentelemetry/*', 'pino', 'pino-pretty', 'prom-client', 'node:*'],
    types: [
      'commands/unit-of-work.ts',
      'loaders',
      'replies',
      'http/answered.ts',
      'http/metrics-route.ts',
      'http/request-traces.ts',
      'tracing-config.ts',
    ],
  },
  'urls.ts': { imports: [] },
  'gauges.ts': {
    imports: ['http', 'loaders', 'telemetry', 'version.ts'],
    types: ['config.ts', 'core.ts', 'domain'],
  },
  'metrics-server.ts': { imports: ['gauges.ts', 'http', 'urls.ts'], types: ['config.ts', 'core.ts', 'fastify'] },
  'version.ts': { imports: ['node:*'] },
  'tracing-config.ts': { imports: [] },
  'prices.ts': { imports: [], types: ['domain'] },
  'caches-config.ts': { imports: [] },
  'config.ts': { imports: ['domain', 'caches-config.ts', 'prices.ts', 'tracing-config.ts', 'urls.ts', 'zod'] },
  'open.ts': {
    imports: [
      'config.ts',
      'domain',
      'cache',
      'loaders',
      'replies',
      'db',
      'jobs',
      'redis',
      'tutor',
      'telemetry',
      'node:*',
    ],
    types: ['fastify', 'webhooks'],
  },
  'open-cache.ts': {
    imports: ['open.ts', 'cache', 'redis', 'telemetry', 'node:timers/promises'],
    types: ['config.ts', 'db'],
  },
  'traced-world.ts': { imports: ['open.ts', 'redis'], types: ['config.ts', 'telemetry'] },
  'core.ts': {
    imports: [
      'open.ts',
      'open-cache.ts',
      'traced-world.ts',
      'config.ts',
      'version.ts',
      'auth',
      'cache',
      'db',
      'loaders',
      'session',
      'telemetry',
      'webhooks',
      'work',
      'node:crypto',
    ],
    types: ['commands', 'domain', 'replies'],
  },
  'app.ts': {
    imports: ['core.ts', 'config.ts', 'gauges.ts', 'urls.ts', 'audio', 'auth', 'graphql', 'http', 'work'],
    types: ['open.ts', 'fastify'],
  },
  cli: {
    imports: [
      'app.ts',
      'core.ts',
      'open.ts',
      'config.ts',
      'metrics-server.ts',
      'domain',
      'auth',
      'db',
      'telemetry',
      'cli-progress',
      'node:*',
    ],
  },
  'main.ts': { imports: ['cli', 'config.ts', 'domain', 'node:*'] },
}

/** What the floors without I/O and without a clock must not reach for. */
const WORLD =
  /^(process|console|fetch|performance|crypto|Date|Math\.random|Temporal\.Now|set(Timeout|Interval|Immediate))$/

const floorOf = (path: string): string => path.split('/')[0] ?? path

const allows = (rules: readonly string[] = [], target: string): boolean =>
  rules.some((rule) => (rule.endsWith('*') ? target.startsWith(rule.slice(0, -1)) : target === rule))

/** The imports of a module that its floor does not allow. */
function strays({ path, imports }: Module): string[] {
  const own = floorOf(path)
  const floor = FLOORS[own]
  const isAllowed = ({ target, typeOnly }: Import) =>
    [target, floorOf(target)].some(
      (name) => floor && (name === own || allows(floor.imports, name) || (typeOnly && allows(floor.types, name))),
    )
  return imports.filter((wanted) => !isAllowed(wanted)).map(({ target }) => `${path} → ${target}`)
}

/** Every mention of `process` must be of another member of it; so `const { env } = process` is found too. */
function saysProcessEnv({ reaches, imports }: Module): boolean {
  const mentions = reaches.filter((it) => it === 'process').length
  const harmless = reaches.filter((it) => /^process\.(?!env\b)\w+$/.test(it)).length
  return mentions > harmless || imports.some(({ target }) => target === 'node:process')
}

/** The first circle of imports that each module is on, as a path; the same circle once for each of its modules. */
function circles(modules: readonly Module[]): string[] {
  const next = new Map(modules.map(({ path, imports }) => [path, imports.map(({ target }) => target)]))
  const wayBack = (home: string): string[] | undefined => {
    const ways = [[home]]
    const seen = new Set<string>()
    for (const way of ways)
      for (const target of next.get(way.at(-1) ?? '') ?? []) {
        if (target === home) return [...way, home]
        if (!seen.has(target)) ways.push([...way, target])
        seen.add(target)
      }
    return undefined
  }
  return modules.flatMap(({ path }) => wayBack(path)?.join(' → ') ?? [])
}

const modules = readModules()

describe('the source', () => {
  test('is seen: a check of nothing would always pass', () => {
    expect(modules.length).toBeGreaterThan(60)
    expect(modules.flatMap(({ imports }) => imports).length).toBeGreaterThan(200)
    const floors = new Set(modules.map(({ path }) => floorOf(path)))
    expect([...floors].sort()).toEqual(Object.keys(FLOORS).sort())
  })

  test('imports only from its own floor and those it may know', () => {
    expect(modules.flatMap(strays)).toEqual([])
  })

  test('imports only files that are there', () => {
    const known = new Set([...modules.map(({ path }) => path), 'graphql/generated/schema-types.ts'])
    const own = modules.flatMap(({ imports }) => imports.map(({ target }) => target)).filter((it) => it.endsWith('.ts'))
    expect(own.filter((target) => !known.has(target))).toEqual([])
  })

  test('has no import circles, of types neither', () => {
    expect(circles(modules)).toEqual([])
  })

  test('gives each library one home', () => {
    const packages = Object.values(FLOORS).flatMap(({ imports }) => imports)
    const libraries = packages.filter((name) => !(name in FLOORS) && !name.startsWith('node:') && !name.endsWith('.ts'))
    const shared = libraries.filter((name, index) => libraries.indexOf(name) !== index)
    expect(shared).toEqual(['@apollo/server', 'graphql-ws', 'canonicalize', 'zod'])
  })

  test('uses every library that the table allows', () => {
    const used = modules.flatMap(({ imports }) => imports.map(({ target }) => target))
    const allowed = Object.values(FLOORS).flatMap(({ imports, types = [] }) => [...imports, ...types])
    expect(
      allowed.filter((rule) => !used.some((target) => allows([rule], target) || floorOf(target) === rule)),
    ).toEqual([])
  })

  test('says process.env in main.ts only', () => {
    expect(modules.filter(saysProcessEnv).map(({ path }) => path)).toEqual(['main.ts'])
  })

  test.each(['domain', 'loaders', 'commands'])(
    'reaches for nothing in %s: neither clock nor chance nor I/O',
    (floor) => {
      const here = modules.filter(({ path }) => floorOf(path) === floor)
      expect(here.length).toBeGreaterThan(2)
      const reached = here.flatMap(({ path, reaches }) =>
        [...reaches].filter((it) => WORLD.test(it)).map((it) => `${path}: ${it}`),
      )
      expect(reached).toEqual([])
    },
  )
})

describe('the check itself', () => {
  test.each([
    ['domain/x.ts', "import { readers } from '../loaders/readers.ts'"],
    ['domain/x.ts', "import type { Readers } from '../loaders/readers.ts'"],
    ['domain/x.ts', "import { readFileSync } from 'node:fs'"],
    ['domain/x.ts', "import { z } from 'zod'"],
    ['loaders/x.ts', "import { createUser } from '../commands/create-user.ts'"],
    ['commands/x.ts', "import type { Reads } from '../loaders/reads.ts'"],
    ['commands/x.ts', "import { Relay } from '../cache/relay.ts'"],
    ['commands/x.ts', "export { users } from '../db/schema.ts'"],
    ['graphql/x.ts', "import { Pool } from '../db/server.ts'"],
    ['graphql/resolvers/x.ts', "export * from '../../http/server.ts'"],
    ['graphql/x.ts', "import Fastify from 'fastify'"],
    ['http/x.ts', "const { createTokens } = await import('../auth/tokens.ts')"],
    ['http/x.ts', "type Tokens = import('../auth/tokens.ts').Tokens"],
    ['http/x.ts', "import { eq } from 'drizzle-orm/pg-core'"],
    ['auth/x.ts', "import { type TelegramUser } from '../commands/command.ts'"],
    ['auth/x.ts', "import { database } from '../db/database.ts'"],
    ['db/x.ts', "import '../loaders/readers.ts'"],
    ['db/x.ts', "import type { Reads } from '../loaders/reads.ts'"],
    ['app.ts', "import Fastify from 'fastify'"],
    ['main.ts', "import { startApp } from './db/embedded.ts'"],
    ['config.ts', "import { join } from 'node:path'"],
    ['cli/x.ts', 'await import(name)'],
    ['attic/x.ts', "import { badInput } from '../domain/error.ts'"],
  ])('finds the stray in %s: %s', (path, text) => {
    expect(strays(readModule(path, text))).toHaveLength(1)
  })

  test.each([
    ['domain/x.ts', "import { badInput } from './error.ts'"],
    ['graphql/resolvers/x.ts', "import { createUser } from '../../commands/create-user.ts'"],
    ['db/x.ts', "import type { Readers } from '../loaders/readers.ts'"],
    ['db/x.ts', "import { sql } from 'drizzle-orm/pg-core'"],
    ['db/x.ts', "import type { Outbox } from '../cache/outbox.ts'"],
    ['app.ts', "import type { FastifyBaseLogger } from 'fastify'"],
    ['http/x.ts', "import cors from '@fastify/cors'"],
  ])('allows in %s: %s', (path, text) => {
    expect(strays(readModule(path, text))).toEqual([])
  })

  test('finds circles, those of types and of three modules too', () => {
    const circle = [
      readModule('domain/a.ts', "import type { B } from './b.ts'"),
      readModule('domain/b.ts', "export { c } from './c.ts'"),
      readModule('domain/c.ts', "type A = import('./a.ts').A"),
      readModule('domain/d.ts', "import './a.ts'"),
    ]
    expect(circles(circle)).toEqual([
      'domain/a.ts → domain/b.ts → domain/c.ts → domain/a.ts',
      'domain/b.ts → domain/c.ts → domain/a.ts → domain/b.ts',
      'domain/c.ts → domain/a.ts → domain/b.ts → domain/c.ts',
    ])
    expect(circles(circle.slice(1))).toEqual([])
    expect(circles([readModule('domain/a.ts', "import './a.ts'")])).toEqual(['domain/a.ts → domain/a.ts'])
  })

  test.each([
    ['process.env', true],
    ['process.env["PORT"]', true],
    ['process["env"]', true],
    ['process?.env', true],
    ['globalThis.process.env', true],
    ['const { env } = process', true],
    ["import { env } from 'node:process'", true],
    ['process.exit(process.argv.length)', false],
    ['const { env } = options', false],
  ])('knows whether %s says process.env: %s', (text, says) => {
    expect(saysProcessEnv(readModule('cli/x.ts', text))).toBe(says)
  })

  test.each(['Temporal.Now.instant()', 'new Date()', 'Date.now()', 'Math.random()', 'performance.now()', 'fetch("/")'])(
    'sees that %s reaches for the world',
    (text) => {
      expect([...readModule('domain/x.ts', text).reaches].some((it) => WORLD.test(it))).toBe(true)
    },
  )
})
