import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Cache, openLocalCache, openNoCache, openSharedCache } from '../../src/cache/cache.ts'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { type SharedStore, StoreUnavailable } from '../../src/cache/shared-store.ts'
import { createMemoryOutbox, type MemoryOutbox } from '../support/memory-outbox.ts'
import { type Answer, answerPolicy, fingerprintOf, Model, questionOf } from './memo-node.ts'
import { MemoryStore } from './memory-store.ts'
import { settled, thingPolicy } from './node.ts'

/* What a process keeps of memoised values in its own memory, as it is wired. */

let outbox: MemoryOutbox
let shared: MemoryStore
let model: Model
let events: CacheEvent[]

beforeEach(() => {
  outbox = createMemoryOutbox()
  shared = new MemoryStore()
  model = new Model()
  events = []
})
afterEach(() => {
  vi.useRealTimers()
})

const options = () => ({
  outbox,
  namespace: 'test',
  origin: 'db',
  report: (event: CacheEvent) => events.push(event),
  l1MaxBytes: 100_000,
  longestTtlMs: 100_000,
  consistency: 'strict' as const,
  now: () => shared.now,
})

const openShared = (store: SharedStore & MemoStore = shared.connect()) => openSharedCache({ ...options(), store })

interface Asked {
  readonly from: string
  readonly askedAt: number | null
}

interface Using {
  readonly cache: Cache
  ask(given?: Parameters<typeof questionOf>[1]): Promise<Asked>
}

/** A cache, and asking in it, where the model answers at once. */
async function using(cache: Cache): Promise<Using> {
  onTestFinished(() => cache[Symbol.asyncDispose]())
  await settled()
  const memo = cache.memo(answerPolicy)
  return {
    cache,
    async ask(given) {
      const compute = async (): Promise<Answer> => ({ text: 'Ahoj!' })
      const { from, askedAt } = await memo.ask({ ...questionOf(model, given), compute })
      await settled()
      return { from, askedAt }
    },
  }
}

const personal = { personal: true, tag: 'replies:1', asker: 'asked:1' }

describe('beside a shared store', () => {
  /** What memory alone has to say. */
  const cutOff = async (act: (at: Using) => Promise<unknown>, given: Parameters<Using['ask']>[0] = {}) => {
    const at = await using(openShared())
    await act(at)
    shared.gone = true
    return (await at.ask(given)).from
  }

  test('memory answers once the store is not there', async () => {
    expect(await cutOff(({ ask }) => ask())).toBe('STORED')
  })

  test('memory has what others have computed, too', async () => {
    await (await using(openShared())).ask()
    expect(await cutOff(({ ask }) => ask())).toBe('STORED')
  })

  test('memory has what another process computed while this one waited', async () => {
    const owner = openShared().memo(answerPolicy)
    const computing = owner.ask(questionOf(model))
    await settled()
    expect(
      await cutOff(async ({ ask }) => {
        const waiting = ask()
        await settled()
        model.last.answer('Ahoj!')
        await computing
        expect((await waiting).from).toBe('JOINED')
      }),
    ).toBe('STORED')
  })

  test('memory has nothing as long as the store is there', async () => {
    const { ask } = await using(openShared())
    await ask()
    shared.entries.clear()
    expect((await ask()).from).toBe('COMPUTED')
  })

  test('memory has nothing that is somebody’s alone', async () => {
    expect(await cutOff(({ ask }) => ask(personal), personal)).toBe('COMPUTED')
    shared.gone = false
    expect(await cutOff(({ ask }) => ask(personal), personal)).toBe('COMPUTED')
  })

  test('memory does not keep even without the store what is somebody’s alone', async () => {
    shared.gone = true
    const { ask } = await using(openShared())
    expect([(await ask(personal)).from, (await ask(personal)).from]).toEqual(['COMPUTED', 'COMPUTED'])
  })

  test.each([
    ['another process', async () => void (await shared.connect().invalidate(['test:v1:{reply:a}'], ['reply:a']))],
    ['this one', async ({ cache }: Using) => void (await cache.confirm(outbox.note(['reply:a'])))],
  ])('memory forgets what %s names', async (_, name) => {
    const forgotten = await cutOff(async (at) => {
      await at.ask()
      await name(at)
      await settled()
    })
    expect(forgotten).toBe('COMPUTED')
  })

  const resynced = () => events.flatMap((event) => (event.kind === 'resynced' ? [event.reason] : []))

  test('memory is spared when the messages end: the store may be gone as well, and this is what is left', async () => {
    const spared = await cutOff(async ({ ask }) => {
      await ask()
      shared.cutSubscriptions()
    })
    expect(spared).toBe('STORED')
    expect(resynced()).toEqual(['started', 'lost'])
  })

  test.each<[string, string, () => unknown]>([
    ['messages are heard again', 'started', () => shared.cutSubscriptions()()],
    [
      'one of them is missing',
      'gap',
      () => {
        shared.number += 1
        return shared.connect().invalidate([], ['reply:b'])
      },
    ],
    ['everything is declared void, as a name may be missed by that', 'other-epoch', () => shared.connect().newEpoch()],
  ])('memory is emptied when %s', async (_, reason, act) => {
    const forgotten = await cutOff(async ({ ask }) => {
      await ask()
      await act()
      await settled()
    })
    expect(forgotten).toBe('COMPUTED')
    expect(resynced().at(-1)).toBe(reason)
  })

  test('memory is emptied once more when a place to begin at is known', async () => {
    const store = shared.connect()
    const held = Promise.withResolvers<void>()
    let holding = false
    const mark = async () => {
      if (holding) await held.promise
      return store.mark()
    }
    const { ask } = await using(openShared({ ...store, mark }))
    holding = true
    shared.cutSubscriptions()()
    await ask()
    await shared.connect().invalidate(['test:v1:{reply:a}'], ['reply:a'])
    held.resolve()
    await settled()
    shared.gone = true
    expect((await ask()).from).toBe('COMPUTED')
  })

  test('what was found before memory was emptied is not kept after', async () => {
    await (await using(openShared())).ask()
    const store = shared.connect()
    const held = Promise.withResolvers<void>()
    const find: MemoStore['find'] = async (keys) => {
      const found = await store.find(keys)
      await held.promise
      return found
    }
    const { ask } = await using(openShared({ ...store, find }))
    const asked = ask()
    await settled()
    shared.cutSubscriptions()()
    await settled()
    held.resolve()
    expect((await asked).from).toBe('STORED')
    shared.gone = true
    expect((await ask()).from).toBe('COMPUTED')
  })

  test('nobody joins whoever began before memory was emptied', async () => {
    const { cache } = await using(openShared())
    const memo = cache.memo(answerPolicy)
    const before = memo.ask(questionOf(model))
    await settled()
    // Its message is missed.
    shared.entries.clear()
    shared.cutSubscriptions()()
    await settled()
    const after = memo.ask(questionOf(model))
    await settled()
    model.calls[1]?.answer('new')
    model.calls[0]?.answer('old')
    expect([(await before).value.text, (await after).value.text]).toEqual(['old', 'new'])
  })

  test('a new epoch spares what stands in the store', async () => {
    const { cache, ask } = await using(openShared())
    await ask()
    await cache.confirm(outbox.note(['*']))
    expect((await ask()).from).toBe('STORED')
  })

  test('what was found before an invalidation is not kept after it', async () => {
    await (await using(openShared())).ask()
    const store = shared.connect()
    const held = Promise.withResolvers<void>()
    const slow: MemoStore['find'] = async (keys) => {
      const found = await store.find(keys)
      await held.promise
      return found
    }
    const { ask } = await using(openShared({ ...store, find: slow }))
    const asked = ask()
    await settled()
    await shared.connect().invalidate(['test:v1:{reply:a}'], ['reply:a'])
    await settled()
    held.resolve()
    expect((await asked).from).toBe('STORED')
    expect(events).toContainEqual({ kind: 'put-refused', policy: 'answer' })
    shared.gone = true
    expect((await ask()).from).toBe('COMPUTED')
  })

  test('what was refused by the store is not kept either', async () => {
    const { cache } = await using(openShared())
    const memo = cache.memo(answerPolicy)
    const asked = memo.ask(questionOf(model))
    await settled()
    // Nobody hears of this.
    shared.entries.clear()
    model.last.answer('Ahoj!')
    await asked
    shared.gone = true
    const again = memo.ask(questionOf(model))
    await settled()
    model.last.answer('Nazdar!')
    expect((await again).value.text).toBe('Nazdar!')
  })

  test('a store that keeps refusing is not asked any more', async () => {
    const store = shared.connect()
    let finds = 0
    const refusing: MemoStore['find'] = async () => {
      finds += 1
      throw new StoreUnavailable('refused')
    }
    const { ask } = await using(openShared({ ...store, find: refusing }))
    for (let n = 0; n < 5; n += 1) await ask({ name: `${n}` })
    expect(finds).toBe(3)
    expect(events).toContainEqual(expect.objectContaining({ kind: 'breaker', state: 'open' }))
  })
})

describe('where this process alone has the database', () => {
  test('memory has everything', async () => {
    const { ask } = await using(openLocalCache(options()))
    expect(await ask(personal)).toEqual({ from: 'COMPUTED', askedAt: null })
    expect(await ask(personal)).toEqual({ from: 'STORED', askedAt: 0 })
  })

  test('memory forgets what a change names, and nothing with a change of everything', async () => {
    const { cache, ask } = await using(openLocalCache(options()))
    await ask(personal)
    await cache.confirm(outbox.note(['*']))
    expect((await ask(personal)).from).toBe('STORED')
    await cache.confirm(outbox.note(['replies:1', 'asked:1']))
    expect(await ask(personal)).toEqual({ from: 'COMPUTED', askedAt: null })
  })

  test('what was computed before its tag was named is not kept after', async () => {
    const { cache } = await using(openLocalCache(options()))
    const memo = cache.memo(answerPolicy)
    const asked = memo.ask(questionOf(model, personal))
    await settled()
    await cache.confirm(outbox.note(['replies:1']))
    model.last.answer('Ahoj!')
    await asked
    memo.ask(questionOf(model, personal)).catch(() => {})
    await settled()
    expect(model.names).toEqual(['a', 'a'])
  })

  test('memory has who has asked as long as the value', async () => {
    const { cache } = await using(openLocalCache(options()))
    const memo = cache.memo({ ...answerPolicy, ttlMs: 3_600_000 })
    const ask = () => memo.ask({ ...questionOf(model, personal), compute: async () => ({ text: 'Ahoj!' }) })
    await ask()
    shared.now = 3_599_999
    expect((await ask()).askedAt).toBe(0)
  })

  test('memory keeps no more than it may take, and entities keep their part', async () => {
    const { cache, ask } = await using(openLocalCache({ ...options(), l1MaxBytes: 8 * 1_000 }))
    const things = cache.kind(thingPolicy, async (ids) => new Map(ids.map((id) => [id, { id, version: 1 }])))
    await things.getMany([1], await cache.open('USE'))
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    for (const name of names) await ask({ name })
    const before = model.calls.length
    const from = []
    for (const name of names.toReversed()) from.push((await ask({ name })).from)
    expect(from).toContain('STORED')
    expect(from).toContain('COMPUTED')
    expect(model.calls).toHaveLength(before)
    expect(cache.l1.size).toBe(1)
  })

  test('memory has no list of what somebody has asked that is longer than it may take', async () => {
    const { ask } = await using(openLocalCache({ ...options(), l1MaxBytes: 8 * 1_000 }))
    const names = Array.from({ length: 30 }, (_, index) => String.fromCharCode(256 + index))
    for (const name of names) await ask({ name, asker: 'asked:1' })
    expect((await ask({ name: names[0] ?? '', asker: 'asked:1' })).askedAt).toBe(0)
    expect((await ask({ name: names[29] ?? '', asker: 'asked:1' })).askedAt).toBeNull()
  })

  test('memory for entities is seven eighths of all', async () => {
    const cache = openLocalCache({ ...options(), l1MaxBytes: 8_000 })
    const big = (id: number, length: number) => ({ id, version: 1, text: 'x'.repeat(length) })
    const things = cache.kind(thingPolicy, async (ids) => new Map(ids.map((id) => [id, big(id, 6_700 + id)])))
    onTestFinished(() => cache[Symbol.asyncDispose]())
    await things.getMany([10], await cache.open('USE'))
    await settled()
    expect(cache.l1.size).toBe(1)
    await things.getMany([1_000], await cache.open('USE'))
    await settled()
    expect(cache.l1.bytes).toBeLessThan(7_000)
  })
})

describe('where nothing is heard of changes', () => {
  const open = (keeps?: 'answers' | 'nothing') => using(openNoCache({ ...options(), ...(keeps && { keeps }) }))

  test('memory forgets what a change in this process names, however much that is', async () => {
    const { cache, ask } = await using(openNoCache({ ...options(), keeps: 'answers' }))
    const given = { asker: 'asked:1' }
    await ask(given)
    const many = Array.from({ length: 1_000 }, (_, index) => `reply:other-${index}`)
    const changes = [...outbox.note(many), ...outbox.note(['reply:a'])]
    expect(await cache.confirm(changes)).toEqual({ confirmed: true, mark: null })
    expect(await ask(given)).toEqual({ from: 'COMPUTED', askedAt: 0 })
    await cache.confirm(outbox.note(['asked:1']))
    expect(await ask(given)).toEqual({ from: 'STORED', askedAt: null })
  })

  test('memory has for ten minutes only who has asked, as nobody tells who was deleted', async () => {
    const { cache } = await using(openNoCache({ ...options(), keeps: 'answers' }))
    const memo = cache.memo({ ...answerPolicy, ttlMs: 3_600_000 })
    const ask = () => memo.ask({ ...questionOf(model, { asker: 'asked:1' }), compute: async () => ({ text: 'Ahoj!' }) })
    await ask()
    shared.now = 599_999
    expect((await ask()).askedAt).toBe(0)
    shared.now = 600_000
    expect(await ask()).toMatchObject({ from: 'STORED', askedAt: null })
  })

  test('memory has no longer than the value who has asked', async () => {
    const { ask } = await using(openNoCache({ ...options(), keeps: 'answers' }))
    await ask({ asker: 'asked:1' })
    shared.now = 60_000
    expect(await ask({ asker: 'asked:1' })).toEqual({ from: 'COMPUTED', askedAt: null })
  })

  test('memory has what is nobody’s alone, and who has asked', async () => {
    const { ask } = await open('answers')
    const given = { asker: 'asked:1' }
    expect(await ask(given)).toEqual({ from: 'COMPUTED', askedAt: null })
    expect(await ask(given)).toEqual({ from: 'STORED', askedAt: 0 })
    await ask(personal)
    expect((await ask(personal)).from).toBe('COMPUTED')
  })

  test.each(['nothing', undefined] as const)(
    'nothing is kept at all where that is switched off (%s)',
    async (keeps) => {
      const { ask } = await open(keeps)
      const given = { asker: 'asked:1' }
      await ask(given)
      expect(await ask(given)).toEqual({ from: 'COMPUTED', askedAt: null })
    },
  )

  test('those who ask at the same time still share what is computed', async () => {
    const { cache } = await open('nothing')
    const memo = cache.memo(answerPolicy)
    const asked = [memo.ask(questionOf(model)), memo.ask(questionOf(model))]
    await settled()
    model.last.answer('Ahoj!')
    expect((await Promise.all(asked)).map(({ from }) => from)).toEqual(['COMPUTED', 'JOINED'])
    expect(model.names).toEqual(['a'])
  })

  test('two questions in one place are two', async () => {
    const { ask } = await open('answers')
    await ask({ tag: 'reply:x' })
    expect((await ask({ tag: 'reply:x', fingerprint: fingerprintOf('b') })).from).toBe('COMPUTED')
  })
})
