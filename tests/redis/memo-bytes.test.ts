import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openSharedCache } from '../../src/cache/cache.ts'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import type { MemoQuestion } from '../../src/cache/memo.ts'
import { createMemoEnvelope } from '../../src/cache/memo-envelope.ts'
import { speechPolicy } from '../../src/loaders/policies.ts'
import { slotOf } from '../../src/redis/topology.ts'
import type { Spoken } from '../../src/replies/voice.ts'
import { eventually } from '../support/eventually.ts'
import { createMemoryOutbox } from '../support/memory-outbox.ts'
import { startRedisCluster } from '../support/redis-cluster.ts'
import { hasRedis, startRedis } from '../support/redis-server.ts'
import { openStore } from './opened-store.ts'

interface Servers extends AsyncDisposable {
  readonly url: string
  /** Asks whichever server has a key. */
  command(name: string, key: string, ...words: readonly (string | number)[]): Promise<string>
}

const SERVERS: Record<string, () => Promise<Servers>> = {
  'one server': async () => {
    const server = await startRedis()
    return { ...server, command: (name, key, ...words) => server.command(name, key, ...words) }
  },
  'a cluster': async () => {
    const cluster = await startRedisCluster()
    return { ...cluster, command: (name, key, ...words) => cluster.ownerOf(slotOf(key)).command(name, key, ...words) }
  },
}

/** Every byte there is, many times, and in all orders of two. */
const AUDIO = Buffer.from(Array.from({ length: 65_536 * 2 }, (_, n) => (n % 2 === 0 ? n >> 1 : n >> 9) % 256))
const SPOKEN: Spoken = { audio: AUDIO, format: 'MP3', usd: 0.00015 }

describe.skipIf(!hasRedis).each(Object.keys(SERVERS))('speech on %s', (name) => {
  let servers: Servers
  let questions = 0

  beforeAll(async () => {
    servers = await (SERVERS[name]?.() ?? Promise.reject(new Error('no servers')))
  })
  afterAll(() => servers[Symbol.asyncDispose]())

  /** One process's cache over the servers. */
  async function start() {
    const opened = openStore(servers.url)
    onTestFinished(() => opened[Symbol.asyncDispose]())
    await eventually(() => opened.store.mark())
    const events: CacheEvent[] = []
    const cache = openSharedCache({
      store: opened.store,
      bytesStore: opened.store.bytes,
      outbox: createMemoryOutbox(),
      namespace: 'test',
      origin: 'db',
      report: (event) => events.push(event),
      l1MaxBytes: 8_000_000,
      longestTtlMs: 60_000,
      consistency: 'strict',
      now: Date.now,
    })
    onTestFinished(() => cache[Symbol.asyncDispose]())
    return { memo: cache.memo(speechPolicy), events, store: opened.store }
  }

  /** A question of its own for each test. */
  function question() {
    questions += 1
    const fingerprint = questions.toString(16).padStart(64, '0')
    let calls = 0
    const asked: MemoQuestion<Spoken> = {
      tag: `speech:${fingerprint}`,
      fingerprint,
      mode: 'USE',
      personal: true,
      asker: null,
      signal: new AbortController().signal,
      compute: async () => {
        calls += 1
        return SPOKEN
      },
    }
    return { asked, calls: () => calls, key: `test:v1:{${asked.tag}}`, fingerprint }
  }

  const sameAsSpoken = ({ audio, ...rest }: Spoken) => {
    expect(audio.equals(AUDIO)).toBe(true)
    expect(rest).toEqual({ format: 'MP3', usd: 0.00015 })
  }

  test('is stored as its bytes, no more of them, and found as it was by another process', async () => {
    const { asked, calls, key, fingerprint } = question()
    const [one, other] = [await start(), await start()]
    const { computedAt } = await one.memo.ask(asked)
    const envelope = createMemoEnvelope({ origin: 'db', policy: 'speech', version: 1, fingerprint })
    const around = envelope.seal({ body: 'MP3 0.00015\n', computedAt, expiresAt: computedAt + speechPolicy.ttlMs })
    expect(await servers.command('STRLEN', key)).toBe(`:${around.length + AUDIO.length}\r\n`)
    const found = await other.memo.ask(asked)
    expect(found.from).toBe('STORED')
    sameAsSpoken(found.value)
    expect(calls()).toBe(1)
  })

  test('lives as long as it may', async () => {
    const { asked, key } = question()
    await (await start()).memo.ask(asked)
    const left = Number((await servers.command('PTTL', key)).slice(1))
    expect(left).toBeGreaterThan(speechPolicy.ttlMs - 60_000)
    expect(left).toBeLessThanOrEqual(speechPolicy.ttlMs)
  })

  test('is computed once for several processes at the same moment', async () => {
    const { asked, calls } = question()
    const nodes = await Promise.all([start(), start(), start()])
    const answers = await Promise.all(nodes.flatMap(({ memo }) => [memo.ask(asked), memo.ask(asked)]))
    for (const { value } of answers) sameAsSpoken(value)
    expect(calls()).toBe(1)
  })

  test('does not take the room of what this process keeps in memory', async () => {
    const { asked, calls, key } = question()
    const { memo } = await start()
    await memo.ask(asked)
    await memo.ask(asked)
    expect(calls()).toBe(1)
    await servers.command('UNLINK', key)
    expect((await memo.ask(asked)).from).toBe('COMPUTED')
    expect(calls()).toBe(2)
  })

  test('makes room for what is made anew', async () => {
    const { asked, calls } = question()
    const [one, other] = [await start(), await start()]
    await one.memo.ask(asked)
    expect((await other.memo.ask({ ...asked, mode: 'REFRESH' })).from).toBe('COMPUTED')
    sameAsSpoken((await one.memo.ask(asked)).value)
    expect(calls()).toBe(2)
  })

  test('that was forgotten is not found anywhere', async () => {
    const { asked, calls, key } = question()
    const [one, other] = [await start(), await start()]
    await one.memo.ask(asked)
    await other.store.invalidate([key], [asked.tag])
    expect((await one.memo.ask(asked)).from).toBe('COMPUTED')
    expect(calls()).toBe(2)
  })

  test('that cannot be read is told, and replaced', async () => {
    const { asked, calls, key, fingerprint } = question()
    const { memo, events } = await start()
    const envelope = createMemoEnvelope({ origin: 'db', policy: 'speech', version: 1, fingerprint })
    const sealed = { computedAt: Date.now(), expiresAt: Date.now() + 60_000 }
    await servers.command('SET', key, envelope.seal({ body: 'FLAC 1\nabc', ...sealed }))
    expect((await memo.ask(asked)).from).toBe('COMPUTED')
    expect(events).toContainEqual({ kind: 'unusable', policy: 'speech', count: 1 })
    sameAsSpoken((await memo.ask(asked)).value)
    expect(calls()).toBe(1)
  })
})
