import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CachedMemo } from '../../src/cache/cached-memo.ts'
import { Heat } from '../../src/cache/heat.ts'
import { createL1 } from '../../src/cache/l1.ts'
import type { Memo, MemoPolicy, MemoQuestion } from '../../src/cache/memo.ts'
import { MEMO_TIMES } from '../../src/cache/memo-deps.ts'
import { read, written } from '../../src/cache/memo-form.ts'
import { MemoMemory } from '../../src/cache/memo-memory.ts'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { AUDIO_FORMATS } from '../../src/domain/recording.ts'
import { speechPolicy, transcriptPolicyFor } from '../../src/loaders/policies.ts'
import type { Spoken } from '../../src/replies/voice.ts'
import { HandClock } from './hand-clock.ts'
import { MemoryStore } from './memory-store.ts'

const spoken: fc.Arbitrary<Spoken> = fc.record({
  audio: fc
    .oneof(
      fc.uint8Array({ maxLength: 300 }),
      // What begins as what stands before it does.
      fc.constantFrom('\n', '\nMP3 1\n', 'MP3 -\n', ';', ' ').map((text) => new TextEncoder().encode(text)),
    )
    .map((bytes) => Buffer.from(bytes)),
  format: fc.constantFrom(...AUDIO_FORMATS),
  usd: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 10, noNaN: true })),
})

/** −0 is written as 0. */
const same = (one: Spoken, other: Spoken): boolean =>
  one.audio.equals(other.audio) && one.format === other.format && (one.usd ?? -1) === (other.usd ?? -1)

test('what is written is read as it was, in as many characters as it has bytes', () => {
  fc.assert(
    fc.property(spoken, (value) => {
      const text = written(value, speechPolicy) ?? ''
      expect(same(read(text, speechPolicy), value)).toBe(true)
      expect(text.length).toBe(value.audio.length + `${value.format} ${value.usd ?? '-'}\n`.length)
      expect(Buffer.from(text, 'latin1').toString('latin1')).toBe(text)
    }),
  )
})

test('every byte there is comes back', () => {
  const audio = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const text = written({ audio, format: 'OGG', usd: null }, speechPolicy) ?? ''
  expect(read(text, speechPolicy)).toEqual({ audio, format: 'OGG', usd: null })
})

test('what is no speech is not read', () => {
  for (const text of ['', '\n', 'MP3', 'MP3 1', 'FLAC 1\nabc', 'mp3 1\nabc', ' 1\nabc', 'MP3 x\nabc', '{"audio":""}'])
    expect(() => read(text, speechPolicy)).toThrow(TypeError)
})

test('what is no bytes is JSON, and checked', () => {
  const policy = transcriptPolicyFor(60)
  for (const value of [
    { text: 'Žluťoučký kůň 🎓', usd: 0.1 },
    { text: '', usd: null },
  ])
    expect(read(written(value, policy) ?? '', policy)).toEqual(value)
  for (const text of ['{"text":7,"usd":null}', '{"text":"a"}', '[]', 'null']) expect(() => read(text, policy)).toThrow()
})

const FINGERPRINT = 'f'.repeat(64)

/** One process's memo for speech. */
function start(store: MemoStore | null, clock: HandClock, policy: MemoPolicy<Spoken> = speechPolicy): Memo<Spoken> {
  const memory = new MemoMemory(createL1({ maxBytes: 100_000 }), store === null ? 'everything' : 'answers')
  let leases = 0
  const unique = () => `${++leases}`
  const heat = new Heat({ random: () => 0 })
  const common = { store, memory, namespace: 'test', origin: 'db', report: () => {}, heat }
  const deps = { ...common, ...clock, unique, times: MEMO_TIMES }
  return new CachedMemo(deps, policy)
}

const questionOf = (value: Spoken, calls: { count: number }): MemoQuestion<Spoken> => ({
  tag: `speech:${FINGERPRINT}`,
  fingerprint: FINGERPRINT,
  mode: 'USE',
  personal: true,
  asker: null,
  signal: new AbortController().signal,
  async compute() {
    calls.count += 1
    return value
  },
})

describe('speech', () => {
  test('comes back as it was from a store, for every process, and from memory where there is none', async () => {
    await fc.assert(
      fc.asyncProperty(spoken, fc.boolean(), async (value, isShared) => {
        const shared = new MemoryStore()
        const clock = new HandClock(shared)
        const calls = { count: 0 }
        const one = start(isShared ? shared.connect() : null, clock)
        const other = isShared ? start(shared.connect(), clock) : one
        await one.ask(questionOf(value, calls))
        const { value: found, from } = await other.ask(questionOf(value, calls))
        expect([same(found, value), from, calls.count]).toEqual([true, 'STORED', 1])
      }),
      { numRuns: 50 },
    )
  })

  const value: Spoken = { audio: Buffer.from([1, 2, 3]), format: 'MP3', usd: null }

  test.each([true, false])(
    'is not kept in memory beside a store, also when that is gone; personal: %s',
    async (personal) => {
      const shared = new MemoryStore()
      const memo = start(shared.connect(), new HandClock(shared))
      const calls = { count: 0 }
      const ask = () => memo.ask({ ...questionOf(value, calls), personal })
      await ask()
      shared.entries.clear()
      await ask()
      expect(calls.count).toBe(2)
      shared.gone = true
      for (let time = 0; time < 2; time += 1) expect((await ask()).from).toBe('COMPUTED')
      expect(calls.count).toBe(4)
    },
  )

  test('takes no more room in memory than it has bytes', async () => {
    const memo = start(null, new HandClock(new MemoryStore()))
    const calls = { count: 0 }
    // Of 100,000 bytes: two of them as base64 would not have room.
    const large = { ...value, audio: Buffer.alloc(45_000, 0xff) }
    const ask = (name: string) => {
      const fingerprint = name.repeat(64)
      return memo.ask({ ...questionOf(large, calls), fingerprint, tag: `speech:${fingerprint}` })
    }
    for (const name of ['a', 'b', 'a', 'b']) await ask(name)
    expect(calls.count).toBe(2)
    for (const name of ['c', 'd', 'e', 'f']) await ask(name)
    const found = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(ask))
    expect(found.filter(({ from }) => from === 'STORED').length).toBeLessThanOrEqual(2)
  })

  test('of another version is none', async () => {
    const shared = new MemoryStore()
    const clock = new HandClock(shared)
    const calls = { count: 0 }
    await start(shared.connect(), clock).ask(questionOf(value, calls))
    await start(shared.connect(), clock, { ...speechPolicy, version: 2 }).ask(questionOf(value, calls))
    expect(calls.count).toBe(2)
  })

  test('that cannot be read is computed anew', async () => {
    const shared = new MemoryStore()
    const clock = new HandClock(shared)
    const calls = { count: 0 }
    await start(shared.connect(), clock).ask(questionOf(value, calls))
    const [key = '', stored] = [...shared.entries].at(-1) ?? []
    if (stored) shared.entries.set(key, { ...stored, value: stored.value.replace('MP3', 'FLAC') })
    const memo = start(shared.connect(), clock)
    expect((await memo.ask(questionOf(value, calls))).from).toBe('COMPUTED')
    expect((await memo.ask(questionOf(value, calls))).from).toBe('STORED')
  })
})
