import { expect, test } from 'vitest'
import { Pace, type Urgency } from '../../src/work/pace.ts'

/** A clock that only sleeping moves, by as much as is asked for and `late` besides. */
function pacing(perSecond: number) {
  const clock = { time: 0, late: 0, busy: 0 }
  const rests: number[] = []
  const pace = new Pace({
    perSecond,
    now: () => clock.time,
    busy: () => clock.busy,
    async sleep(ms) {
      rests.push(ms)
      clock.time += ms + clock.late
    },
  })
  const { signal } = new AbortController()
  return {
    clock,
    rests,
    rest: (count: number, tookMs: number, urgency: Urgency = 'LATER') => pace.rest({ count, tookMs, urgency }, signal),
  }
}

test('no more than so many things are done in a second', async () => {
  const { rests, rest } = pacing(1_000)
  await rest(50, 0)
  await rest(50, 10)
  await rest(200, 0)
  expect(rests).toEqual([50, 40, 200])
})

test('who has worked for long rests as long', async () => {
  const { rests, rest } = pacing(1_000)
  await rest(50, 70)
  await rest(0, 3)
  expect(rests).toEqual([70, 3])
})

test('rests become longer while timers are late, up to a second, and shorter again when they are not', async () => {
  const { clock, rests, rest } = pacing(1_000)
  clock.late = 20
  await rest(100, 0)
  clock.late = 21
  for (let n = 0; n < 6; n += 1) await rest(100, 0)
  clock.late = 0
  for (let n = 0; n < 6; n += 1) await rest(10, 0)
  expect(rests).toEqual([100, 100, 200, 400, 800, 800, 800, 80, 40, 20, 10, 10, 10])
})

test('rests become longer while others keep the process busy, though timers come in time', async () => {
  const { clock, rests, rest } = pacing(1_000)
  clock.busy = 0.8
  await rest(100, 0)
  clock.busy = 0.81
  for (let n = 0; n < 5; n += 1) await rest(100, 0)
  clock.busy = 0.5
  for (let n = 0; n < 2; n += 1) await rest(10, 0)
  expect(rests).toEqual([100, 100, 200, 400, 800, 800, 80, 40])
})

test('what is wanted now rests for its number alone, but what comes after it rests longer', async () => {
  const { clock, rests, rest } = pacing(1_000)
  clock.late = 50
  for (let n = 0; n < 3; n += 1) await rest(100, 0, 'NOW')
  await rest(100, 300, 'NOW')
  await rest(100, 0)
  await rest(0, 500)
  expect(rests).toEqual([100, 100, 100, 0, 800, 1000])
})

test('what is wanted soon rests as long as it has worked, however busy others are, but what comes after it rests longer', async () => {
  const { clock, rests, rest } = pacing(1_000)
  clock.busy = 1
  clock.late = 50
  for (let n = 0; n < 4; n += 1) await rest(100, 0, 'SOON')
  await rest(0, 70, 'SOON')
  await rest(10, 0)
  expect(rests).toEqual([100, 100, 100, 100, 70, 80])
})
