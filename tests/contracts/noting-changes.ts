import { expect, test } from 'vitest'
import { parseTimeZone } from '../../src/domain/calendar.ts'
import { eventually } from '../support/eventually.ts'
import { NOW } from '../support/test-app.ts'
import { day, type Suite, said, somebody } from './suite.ts'

/** Which tags a transaction must say that it has changed. */
export function describeChanges(suite: Suite): void {
  test('of a new learner is all that could be asked about them, and the lists', async () => {
    const ada = somebody()
    const tags = await suite.changedBy(({ users }) => users.insert(ada, NOW))
    const id = (await suite.run(({ users }) => users.findByTelegramId(ada.telegramId)))?.id
    expect(tags).toEqual([
      `practice:${id}`,
      `settings:${id}`,
      `stars:${id}`,
      `telegram:${ada.telegramId}`,
      `user:${id}`,
      'users',
    ])
  })

  test('of a profile is the profile', async () => {
    const { id } = await suite.newLearner()
    expect(await suite.changedBy(({ users }) => users.update(id, { firstName: 'Eva' }, NOW))).toEqual([`user:${id}`])
  })

  test('of the zone is the settings, and the practice, which is kept until midnight', async () => {
    const { id } = await suite.newLearner()
    const timezone = parseTimeZone('timezone', 'Asia/Tokyo')
    const tags = await suite.changedBy(({ settings }) => settings.update(id, { timezone }))
    expect(tags).toEqual([`practice:${id}`, `settings:${id}`])
  })

  test('of other settings is the settings', async () => {
    const { id } = await suite.newLearner()
    const tags = await suite.changedBy(({ settings }) => settings.update(id, { character: 'NOVAKOVA' }))
    expect(tags).toEqual([`settings:${id}`])
  })

  test('of practice is the practice and the stars', async () => {
    const { id } = await suite.newLearner()
    const tags = await suite.changedBy(async ({ practice, stars }) => {
      await practice.begin(id)
      await practice.count(id, day('2026-11-23'), { words: 1, score: 1 })
      await stars.add(id, 1)
    })
    expect([...new Set(tags)]).toEqual([`practice:${id}`, `stars:${id}`])
  })

  test('of a deletion is everything that was there, with what belonged to the learner', async () => {
    const { id, telegramId } = await suite.newLearner()
    await suite.practise(id, ['2026-11-23'])
    await suite.insertMessages([said(id, 0)])
    expect([...new Set(await suite.changedBy(({ users }) => users.delete(id)))]).toEqual([
      `asked:${id}`,
      `messages:${id}`,
      `practice:${id}`,
      `replies:${id}`,
      `settings:${id}`,
      `stars:${id}`,
      `telegram:${telegramId}`,
      `user:${id}`,
      'users',
    ])
  })

  test('is nothing where nothing was changed', async () => {
    const { id } = await suite.newLearner()
    expect(await suite.changedBy(({ users }) => users.find(id))).toEqual([])
  })

  test('of a purge is what was named', async () => {
    expect(await suite.changedBy(({ caches }) => caches.purge(['user:1', 'users']))).toEqual(['user:1', 'users'])
    expect(await suite.changedBy(({ caches }) => caches.purge([]))).toEqual([])
  })

  test('is only what the transaction has changed itself, whatever runs beside it', async () => {
    const learners = await suite.newLearners(5)
    const tags = await Promise.all(
      learners.map(({ id }) => suite.changedBy(({ users }) => users.update(id, { firstName: 'Eva' }, NOW))),
    )
    expect(tags).toEqual(learners.map(({ id }) => [`user:${id}`]))
  })
}

export function describeOutbox(suite: Suite): void {
  const purge = (tag: string) => suite.run(({ caches }) => caches.purge([tag]))
  const pendingTags = async (ageMs = 0) => (await suite.outbox.pending(ageMs, 10_000)).map(({ tag }) => tag)

  test('keeps what was committed until it is crossed out', async () => {
    await purge('user:90000901')
    await purge('user:90000902')
    const found = (await suite.outbox.pending(0, 10_000)).filter(({ tag }) => tag.startsWith('user:9000090'))
    expect(found.map(({ tag }) => tag)).toEqual(['user:90000901', 'user:90000902'])
    await suite.outbox.forget(found.slice(0, 1).map(({ id }) => id))
    expect(await pendingTags()).not.toContain('user:90000901')
    expect(await pendingTags()).toContain('user:90000902')
    await suite.outbox.forget([])
  })

  test('keeps nothing of what was rolled back', async () => {
    const failing = suite.run(async ({ caches }) => {
      await caches.purge(['user:903'])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await pendingTags()).not.toContain('user:903')
  })

  test('tells the oldest first, as many as are wanted', async () => {
    await purge('user:904')
    const all = await suite.outbox.pending(0, 10_000)
    expect(await suite.outbox.pending(0, 2)).toEqual(all.slice(0, 2))
  })

  test('tells how many are old enough', async () => {
    await suite.outbox.forgetOlder(0)
    await suite.run(({ caches }) => caches.purge(['user:906', 'user:907']))
    // What was noted a moment ago may be rounded up to the next.
    await eventually(async () => expect(await suite.outbox.backlog(0)).toBe(2))
    expect(await suite.outbox.backlog(3_600_000)).toBe(0)
    await suite.outbox.forgetOlder(0)
    expect(await suite.outbox.backlog(0)).toBe(0)
  })

  test('tells only what is old enough, and crosses out only what is', async () => {
    await purge('user:905')
    expect(await pendingTags(3_600_000)).toEqual([])
    await suite.outbox.forgetOlder(3_600_000)
    expect(await pendingTags()).toContain('user:905')
    await suite.outbox.forgetOlder(0)
    expect(await pendingTags()).toEqual([])
  })
}
