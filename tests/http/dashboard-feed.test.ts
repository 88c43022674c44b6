import { expect, test } from 'vitest'
import type { Snapshot } from '../../src/domain/cache-report.ts'
import { DashboardFeed } from '../../src/http/dashboard-feed.ts'
import { fakeSnapshot } from '../support/dashboard.ts'

/** A feed that looks when it is told to, and whose source answers when it is told to. */
function openFeed() {
  const asked: PromiseWithResolvers<Snapshot>[] = []
  const troubles: unknown[] = []
  let look = () => {}
  const feed = new DashboardFeed({
    source: {
      snapshot() {
        const answer = Promise.withResolvers<Snapshot>()
        asked.push(answer)
        return answer.promise
      },
    },
    trouble: (error) => troubles.push(error),
    every(given) {
      look = given
      return () => {}
    },
  })
  return {
    ...{ feed, asked, troubles },
    look: () => look(),
    async answer() {
      asked.at(-1)?.resolve(fakeSnapshot(asked.length))
      // The feed has waited for it longer.
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

function follower() {
  const told: string[] = []
  return {
    told,
    writableLength: 0,
    isGone: false,
    write: (text: string) => told.push(text.split('\n', 1)[0] ?? ''),
    destroy() {
      this.isGone = true
    },
  }
}

test('a source that is slow is not asked again before it has answered, and followers get a sign of life', async () => {
  const { feed, asked, look, answer } = openFeed()
  const one = follower()
  feed.follow(one)
  look()
  look()
  expect(asked).toHaveLength(1)
  expect(one.told).toEqual([': ping', ': ping'])
  await answer()
  look()
  expect(asked).toHaveLength(2)
  expect(one.told).toEqual([': ping', ': ping', 'event: snapshot'])
})

test('a source that fails is told of, and asked again at the next look', async () => {
  const { feed, asked, troubles, look, answer } = openFeed()
  const one = follower()
  feed.follow(one)
  const error = new Error('away')
  asked[0]?.reject(error)
  await expect.poll(() => one.told).toEqual([': ping'])
  expect(troubles).toEqual([error])
  look()
  await answer()
  expect(one.told).toEqual([': ping', 'event: snapshot'])
})

test('who comes later sees what the others see, and never what somebody saw before all had gone', async () => {
  const { feed, answer } = openFeed()
  const [one, two, three, four] = [follower(), follower(), follower(), follower()]
  const following = [feed.follow(one)]
  await answer()
  following.push(feed.follow(two))
  expect(two.told).toEqual(['event: snapshot'])
  for (const each of following) each[Symbol.dispose]()
  feed.follow(three)
  feed.follow(four)
  expect([three.told, four.told]).toEqual([[], []])
})

test('who does not read gets nothing more, and is let go after a while', async () => {
  const { feed, look, answer } = openFeed()
  const [reading, stuck] = [follower(), follower()]
  feed.follow(reading)
  feed.follow(stuck)
  await answer()
  stuck.writableLength = 1
  for (let looks = 0; looks < 4; looks += 1) {
    look()
    await answer()
  }
  expect([stuck.told.length, stuck.isGone]).toEqual([1, false])
  stuck.writableLength = 0
  look()
  await answer()
  expect(stuck.told).toHaveLength(2)
  stuck.writableLength = 1
  for (let looks = 0; looks < 4; looks += 1) {
    look()
    await answer()
  }
  expect([stuck.told.length, stuck.isGone]).toEqual([2, false])
  look()
  await answer()
  expect([stuck.told.length, stuck.isGone]).toEqual([2, true])
  expect([reading.told.length, reading.isGone]).toEqual([11, false])
})
