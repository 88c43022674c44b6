import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { jobIdFromRow } from '../../src/domain/ids.ts'
import type { Notices } from '../../src/work/notices.ts'
import { eventually } from '../support/eventually.ts'
import type { QueueWorld } from '../support/queue-worlds.ts'

interface Heard extends AsyncDisposable {
  readonly notices: readonly string[]
  /** How often notices may have been missed. */
  readonly missed: () => number
}

async function listen(to: Notices): Promise<Heard> {
  const notices: string[] = []
  let missed = 0
  const listening = await to.listen(
    (notice) => notices.push(notice),
    () => {
      missed += 1
    },
  )
  return { notices, missed: () => missed, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() }
}

const newJobId = () => jobIdFromRow(randomUUID())

/** What every implementation of `Notices` must do, and what gives notice. */
export function describeNotices(world: () => QueueWorld): void {
  test('reach all who listen, in whatever process, in their order', async () => {
    const { notices, elsewhere, tell } = world()
    await using one = await listen(notices)
    await using two = await listen(notices)
    await using other = await listen(elsewhere.notices)
    await tell('a')
    await tell('b')
    for (const heard of [one, two, other]) await eventually(() => expect(heard.notices).toEqual(['a', 'b']))
  })

  test('may have been missed before anybody listened, which is said once', async () => {
    const { notices, tell } = world()
    await tell('before')
    await using first = await listen(notices)
    await using second = await listen(notices)
    expect(second.missed()).toBeGreaterThan(0)
    expect(first.missed()).toBeGreaterThan(0)
    await tell('after')
    await eventually(() => expect(second.notices).toEqual(['after']))
  })

  test('are not for who does not listen any more, and go on for others', async () => {
    const { notices, tell } = world()
    const gone = await listen(notices)
    await using stays = await listen(notices)
    await gone[Symbol.asyncDispose]()
    await tell('a')
    await eventually(() => expect(stays.notices).toEqual(['a']))
    expect(gone.notices).toEqual([])
  })

  test('are given of what is queued for now, once it is kept', async () => {
    const { notices, run } = world()
    await using heard = await listen(notices)
    const meanwhile = await run(async (jobs) => {
      await jobs.queue(newJobId(), 'REPLY', 0)
      // Time in which it could be heard.
      for (let n = 0; n < 20; n += 1) await jobs.find(newJobId())
      return [...heard.notices]
    })
    expect(meanwhile).toEqual([])
    await eventually(() => expect(heard.notices).toEqual(['queue:stages']))
  })

  test('are given neither of what is put off nor of what is undone', async () => {
    const { notices, run, tell } = world()
    await using heard = await listen(notices)
    await run((jobs) => jobs.queue(newJobId(), 'REPLY', 60))
    const undone = run(async (jobs) => {
      await jobs.queue(newJobId(), 'REPLY', 0)
      throw new Error('no')
    })
    await expect(undone).rejects.toThrow('no')
    await tell('last')
    await eventually(() => expect(heard.notices).toEqual(['last']))
  })
}

/** And what those must do that hear notices over a connection. */
export function describeLostNotices(world: () => QueueWorld): void {
  test('are heard again after the connection was lost, and who listens is told that some were missed', async () => {
    const { notices, tell, cut, troubles } = world()
    await using one = await listen(notices)
    await using two = await listen(notices)
    const before = [one.missed(), two.missed()]
    await cut()
    await eventually(() => expect([one.missed(), two.missed()]).toEqual(before.map((times) => times + 1)))
    await tell('again')
    for (const heard of [one, two]) await eventually(() => expect(heard.notices).toEqual(['again']))
    expect(troubles.map(String).join()).toContain('terminating connection')
  })
}
