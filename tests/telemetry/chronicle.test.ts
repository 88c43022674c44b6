import { beforeEach, describe, expect, test } from 'vitest'
import { type Board, createMemoryBoard } from '../../src/cache/board.ts'
import { Chronicle } from '../../src/telemetry/chronicle.ts'
import { Diary } from '../../src/telemetry/diary.ts'
import { writtenNotice } from '../../src/telemetry/node-notice.ts'
import { PRESENCE, pageAt } from '../../src/telemetry/pages.ts'
import type { Tally } from '../../src/telemetry/tally.ts'
import { noticeOf } from './sources.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let now: number
let board: Board

beforeEach(() => {
  now = 1_000 * HOUR
  board = createMemoryBoard(() => now)
})

/** A process that counts hits of profiles. */
function processNamed(author: string, on: Board = board) {
  const counted = new Map<string, number>()
  const count = (name: string, by = 1) => counted.set(name, (counted.get(name) ?? 0) + by)
  const diary = new Diary({ author, board: on, tally: (): Tally => new Map(counted), now: () => now })
  const current = () => diary.current()
  const chronicle = new Chronicle({ board: on, author, current, policies: ['profile'], now: () => now })
  const hits = async () => {
    const { windows } = await chronicle.read(noticeOf({ id: author, seenAt: now }))
    return windows.map(({ policies }) => policies[0]?.hits)
  }
  return { count, hit: (by = 1) => count('hits profile', by), diary, chronicle, hits }
}

describe('what a process has counted', () => {
  test('is known to it at once, and to others once it is written down', async () => {
    const [ada, bob] = [processNamed('ada'), processNamed('bob')]
    ada.hit(3)
    expect([await ada.hits(), await bob.hits()]).toEqual([
      [3, 3, 3],
      [0, 0, 0],
    ])
    await ada.diary.write()
    bob.hit()
    expect([await ada.hits(), await bob.hits()]).toEqual([
      [3, 3, 3],
      [4, 4, 4],
    ])
  })

  test('counts once, however often it is written down', async () => {
    const [ada, bob] = [processNamed('ada'), processNamed('bob')]
    ada.hit()
    for (let time = 0; time < 3; time += 1) await ada.diary.write()
    ada.hit()
    await ada.diary.write()
    expect(await bob.hits()).toEqual([2, 2, 2])
  })

  test('leaves the hour, the day and the week one after the other', async () => {
    const [ada, bob] = [processNamed('ada'), processNamed('bob')]
    ada.hit()
    const at = async (later: number) => {
      now += later
      await ada.diary.write()
      return bob.hits()
    }
    expect(await at(59 * MINUTE)).toEqual([1, 1, 1])
    expect(await at(MINUTE)).toEqual([0, 1, 1])
    expect(await at(22 * HOUR)).toEqual([0, 1, 1])
    expect(await at(HOUR)).toEqual([0, 0, 1])
    expect(await at(143 * HOUR)).toEqual([0, 0, 1])
    expect(await at(HOUR)).toEqual([0, 0, 0])
  })

  test('is counted where it belongs when the minute is over before it is written down', async () => {
    const [ada, bob] = [processNamed('ada'), processNamed('bob')]
    ada.hit(5)
    now += MINUTE
    await ada.diary.write()
    ada.hit(2)
    await ada.diary.write()
    const { minutes } = await bob.chronicle.read(noticeOf())
    expect(minutes.slice(-2).map(({ at, hits }) => [at, hits])).toEqual([
      [1_000 * HOUR, 5],
      [1_000 * HOUR + MINUTE, 2],
    ])
    expect(minutes).toHaveLength(60)
  })

  test('stays when its process goes, and another one with the same name of its own does not take its place', async () => {
    const ada = processNamed('ada')
    ada.hit()
    await ada.diary.write()
    const after = processNamed('ada after a restart')
    after.hit()
    await after.diary.write()
    expect(await processNamed('bob').hits()).toEqual([2, 2, 2])
  })

  test('is not lost while the board is away, and counts in its own minute afterwards', async () => {
    let away = true
    const flaky: Board = {
      read: (pages) => board.read(pages),
      post: (author, notices) => (away ? Promise.reject(new Error('away')) : board.post(author, notices)),
    }
    const [ada, bob] = [processNamed('ada', flaky), processNamed('bob')]
    for (let minute = 0; minute < 3; minute += 1) {
      ada.hit()
      await expect(ada.diary.write()).rejects.toThrow('away')
      now += MINUTE
      await expect(ada.diary.write()).rejects.toThrow('away')
    }
    away = false
    await ada.diary.write()
    const { minutes } = await bob.chronicle.read(noticeOf())
    expect(minutes.slice(-4).map(({ hits }) => hits)).toEqual([1, 1, 1, 0])
  })

  test('is not lost, minutes nor hours, however long the board is away', async () => {
    let away = true
    const flaky: Board = {
      read: (pages) => board.read(pages),
      post: (author, notices) => (away ? Promise.reject(new Error('away')) : board.post(author, notices)),
    }
    const [ada, bob] = [processNamed('ada', flaky), processNamed('bob')]
    for (let minute = 0; minute < 8 * 60; minute += 1) {
      ada.hit()
      now += MINUTE
      await ada.diary.write().catch(() => {})
    }
    away = false
    await ada.diary.write()
    expect(await bob.hits()).toEqual([59, 480, 480])
  })

  describe('is written again when the board has lost it', () => {
    let shown: Board
    const changing: Board = {
      read: (pages) => shown.read(pages),
      post: (author, notices) => shown.post(author, notices),
    }
    /** Nothing that counts, at the same place for half a minute. */
    const presence = () => [{ page: pageAt(PRESENCE, now), text: '', ttlMs: PRESENCE.keptMs }]
    const minutes = async (of: ReturnType<typeof processNamed>) =>
      (await of.chronicle.read(noticeOf())).minutes.slice(-4).map(({ hits }) => hits)
    beforeEach(() => {
      shown = board
    })

    test('each minute and hour in its own place, with what came meanwhile', async () => {
      const [ada, bob] = [processNamed('ada', changing), processNamed('bob', changing)]
      for (let minute = 1; minute <= 3; minute += 1) {
        ada.hit(minute)
        await ada.diary.write()
        now += MINUTE
        await ada.diary.write()
      }
      ada.hit(4)
      await ada.diary.write()
      shown = createMemoryBoard(() => now)
      ada.hit()
      await ada.diary.write()
      expect(await minutes(bob)).toEqual([0, 0, 0, 5])
      expect(await minutes(ada)).toEqual([1, 2, 3, 5])
      ada.hit()
      await ada.diary.write()
      expect(await minutes(ada)).toEqual([1, 2, 3, 6])
      // Others look at a minute that is over once in a minute.
      expect(await processNamed('eve', changing).hits()).toEqual([12, 12, 12])
    })

    test('by whoever has had nothing to count since, too', async () => {
      const [ada, bob] = [processNamed('ada', changing), processNamed('bob', changing)]
      ada.hit()
      await ada.diary.write(presence())
      now += MINUTE
      await ada.diary.write(presence())
      shown = createMemoryBoard(() => now)
      expect(await minutes(ada)).toEqual([0, 0, 0, 0])
      for (let time = 0; time < 2; time += 1) await ada.diary.write(presence())
      expect(await minutes(bob)).toEqual([0, 0, 1, 0])
    })

    test('no more than that: an hour of minutes, and a week of hours', async () => {
      const ada = processNamed('ada', changing)
      let posted = 0
      const writes = async () => {
        posted = 0
        await ada.diary.write(presence())
        return posted
      }
      for (let minute = 0; minute < 8 * 24 * 60; minute += 10) {
        ada.hit()
        await ada.diary.write(presence())
        now += 10 * MINUTE
        await ada.diary.write(presence())
      }
      ada.hit()
      await ada.diary.write(presence())
      const fresh = createMemoryBoard(() => now)
      shown = {
        ...fresh,
        post(author, notices) {
          posted += notices.length
          return fresh.post(author, notices)
        },
      }
      expect([await writes(), await writes(), await writes()]).toEqual([3, 60 + 7 * 24 + 1, 3])
    })
  })

  test('stays as it is when the clock is set back, over a minute’s and an hour’s end', async () => {
    const [ada, bob] = [processNamed('ada'), processNamed('bob')]
    ada.hit(1_000)
    now += 59 * MINUTE
    await ada.diary.write()
    now += MINUTE
    await ada.diary.write()
    ada.hit(100)
    await ada.diary.write()
    now -= 66_000
    ada.hit(10)
    await ada.diary.write()
    expect((await bob.hits())[1]).toBe(1_000)
    now += 66_000
    await ada.diary.write()
    expect((await bob.hits()).slice(1)).toEqual([1_110, 1_110])
  })

  test('does not go down at the end of a minute, though it was not written until then', async () => {
    const [ada, bob] = [processNamed('ada'), processNamed('bob')]
    now += 58_000
    ada.hit(100)
    await ada.diary.write()
    ada.hit(10)
    now += 2_001
    // The page that is over is known better here than on the board.
    expect([(await ada.hits())[0], (await bob.hits())[0]]).toEqual([110, 100])
    await ada.diary.write()
    expect([(await ada.hits())[0], (await bob.hits())[0]]).toEqual([110, 110])
  })

  test('that is another release’s is left out, and what is broken', async () => {
    const page = pageAt({ name: 'minute', ms: MINUTE, keptMs: 1 }, now)
    for (const [author, text] of [
      ['a', '{"hits profile":1,"hits other":"many"}'],
      ['b', 'null'],
      ['c', '{'],
      ['d', '[1]'],
    ] as const)
      await board.post(author, [{ page, text, ttlMs: HOUR }])
    expect((await processNamed('bob').hits())[0]).toBe(1)
  })

  test('is read again after a minute, for those who write late', async () => {
    const [ada, bob] = [processNamed('ada'), processNamed('bob')]
    now += 5 * MINUTE
    expect(await bob.hits()).toEqual([0, 0, 0])
    const page = pageAt({ name: 'minute', ms: MINUTE, keptMs: 1 }, now - 5 * MINUTE)
    await board.post('late', [{ page, text: '{"hits profile":7}', ttlMs: HOUR }])
    now += 59_999
    expect((await bob.hits())[0]).toBe(0)
    now += 1
    expect([(await bob.hits())[0], (await ada.hits())[0]]).toEqual([7, 7])
  })
})

test('a minute tells requests, those from caches, and how long they took', async () => {
  const ada = processNamed('ada')
  // Class 5 is from 2.5 to 5 ms.
  ada.count('took 5', 10)
  ada.count('from caches', 4)
  ada.count('hits profile', 6)
  ada.count('misses profile', 2)
  ada.count('usd spent', 0.5)
  const { minutes } = await ada.chronicle.read(noticeOf())
  expect(minutes.at(-1)).toEqual({
    at: now,
    requests: 10,
    answeredFromCache: 4,
    hits: 6,
    misses: 2,
    p50Ms: expect.closeTo(3.75),
    p99Ms: expect.closeTo(4.975),
    usdSpent: 0.5,
    usdSaved: 0,
  })
  expect(minutes[0]).toMatchObject({ requests: 0, p50Ms: null })
})

describe('which processes there are', () => {
  const tell = (id: string, some: Parameters<typeof noticeOf>[0] = {}, holdings = {}) =>
    board.post(id, [
      {
        page: pageAt(PRESENCE, now),
        text: writtenNotice(noticeOf({ id, seenAt: now, ...some }, holdings)),
        ttlMs: PRESENCE.keptMs,
      },
    ])
  const nodes = async () => {
    const { nodes: found } = await processNamed('me').chronicle.read(noticeOf({ id: 'me', seenAt: now, startedAt: 1 }))
    return found.map(({ state }) => state.id)
  }

  test('is told by each, the oldest first, until it says nothing for a minute', async () => {
    await tell('young', { startedAt: 2 })
    await tell('old', { startedAt: 0 })
    expect(await nodes()).toEqual(['old', 'me', 'young'])
    now += 50_000
    await tell('young', { startedAt: 2 })
    now += 9_999
    expect(await nodes()).toEqual(['old', 'me', 'young'])
    now += 1
    expect(await nodes()).toEqual(['me', 'young'])
  })

  test('is told at once by those who end', async () => {
    await tell('old', { startedAt: 0 })
    now += 30_000
    await board.post('old', [{ page: pageAt(PRESENCE, now), text: '', ttlMs: 90_000 }])
    expect(await nodes()).toEqual(['me'])
  })

  test('what somebody held who has said nothing for 15 seconds does not count', async () => {
    await tell('one', {}, { profile: { entries: 1, bytes: 100, ageSeconds: 10 } })
    const entries = async () =>
      (await processNamed('me').chronicle.read(noticeOf({ id: 'me' }))).windows[0]?.policies[0]?.entries
    now += 14_999
    expect(await entries()).toBe(1)
    now += 1
    expect(await entries()).toBe(0)
  })

  test('is also known just after the page was turned', async () => {
    now = 30_000 * 100 - 1
    await tell('old')
    now += 2
    expect(await nodes()).toContain('old')
  })

  test('does not depend on what others say in other words', async () => {
    for (const [author, text] of [
      ['a', '{"state":{"id":1},"holdings":{}}'],
      ['b', '{'],
      ['c', '{"state":null,"holdings":{}}'],
      ['d', JSON.stringify({ ...noticeOf({ seenAt: now }), holdings: { profile: { entries: 'many' } } })],
    ] as const)
      await board.post(author, [{ page: pageAt(PRESENCE, now), text, ttlMs: 1_000 }])
    expect(await nodes()).toEqual(['me'])
  })

  test('what they hold is added up, and its age is the mean over all', async () => {
    await tell('one', {}, { profile: { entries: 1, bytes: 100, ageSeconds: 10 } })
    await tell(
      'two',
      {},
      { profile: { entries: 3, bytes: 50, ageSeconds: 2 }, stars: { entries: 0, bytes: 0, ageSeconds: null } },
    )
    const { windows } = await processNamed('me').chronicle.read(noticeOf({ id: 'me' }))
    for (const { policies } of windows) expect(policies[0]).toMatchObject({ entries: 4, bytes: 150, ageSeconds: 4 })
  })
})
