import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { crowded } from '../../src/cache/crowded.ts'

interface Loading {
  readonly ids: readonly number[]
  readonly end: () => void
  readonly fail: (error: Error) => void
}

/** A source that answers when it is told to. */
function openSource() {
  const loading: Loading[] = []
  const load = (ids: readonly number[]) =>
    new Promise<ReadonlyMap<number, string>>((resolve, reject) => {
      const found = new Map(ids.filter((id) => id > 0).map((id) => [id, `thing ${id}`]))
      loading.push({ ids, end: () => resolve(found), fail: reject })
    })
  const begun = () => loading.map(({ ids }) => ids)
  const end = async (index: number) => {
    loading[index]?.end()
    await settled()
  }
  const fail = async (index: number) => {
    loading[index]?.fail(new Error('gone'))
    await settled()
  }
  return { load, begun, end, fail }
}

/** Until everything has run that is ready to. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a source that is not busy', () => {
  test('is asked at once', () => {
    const source = openSource()
    const load = crowded(source.load, { atOnce: 2 })
    void load([1])
    void load([2, 3])
    expect(source.begun()).toEqual([[1], [2, 3]])
  })
})

describe('a busy source', () => {
  test('is asked once for all who came meanwhile, each id once, as soon as it is done with something', async () => {
    const source = openSource()
    const load = crowded(source.load, { atOnce: 1 })
    const first = load([1])
    const others = [load([2, 3]), load([3, 4])]
    await settled()
    expect(source.begun()).toEqual([[1]])
    await source.end(0)
    expect(source.begun()).toEqual([[1], [2, 3, 4]])
    await source.end(1)
    expect(await first).toEqual(new Map([[1, 'thing 1']]))
    for (const other of await Promise.all(others)) expect([...other.keys()].sort()).toEqual([2, 3, 4])
  })

  test('is asked anew for whoever comes after that has begun', async () => {
    const source = openSource()
    const load = crowded(source.load, { atOnce: 1 })
    void load([1])
    void load([2])
    await source.end(0)
    void load([2])
    await settled()
    expect(source.begun()).toEqual([[1], [2]])
    await source.end(1)
    expect(source.begun()).toEqual([[1], [2], [2]])
  })

  test('fails those who waited together, and nobody later', async () => {
    const source = openSource()
    const load = crowded(source.load, { atOnce: 1 })
    void load([1])
    const waiting = Promise.allSettled([load([2]), load([3])])
    await source.end(0)
    await source.fail(1)
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const later = load([4])
    await source.end(2)
    expect(await later).toEqual(new Map([[4, 'thing 4']]))
  })

  test('goes on after a failure of what it was busy with', async () => {
    const source = openSource()
    const load = crowded(source.load, { atOnce: 1 })
    const failing = load([1]).catch((error: Error) => error.message)
    const waiting = load([2])
    await source.fail(0)
    expect(await failing).toBe('gone')
    await source.end(1)
    expect(await waiting).toEqual(new Map([[2, 'thing 2']]))
  })
})

describe('a source that does not answer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is asked all the same after a while', async () => {
    const source = openSource()
    const load = crowded(source.load, { atOnce: 1, patienceMs: 20 })
    void load([1])
    void load([2])
    vi.advanceTimersByTime(19)
    await settled()
    expect(source.begun()).toEqual([[1]])
    vi.advanceTimersByTime(1)
    await settled()
    expect(source.begun()).toEqual([[1], [2]])
  })
})
