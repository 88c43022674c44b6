import { beforeEach, describe, expect, test } from 'vitest'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { HandClock } from './hand-clock.ts'
import { type MemoNode, Model, Outage, questionOf, Refusal, startMemo } from './memo-node.ts'
import { MemoryStore } from './memory-store.ts'
import { settled } from './node.ts'

/* Several callers in one process want the same; each of them may leave, and each may listen. */

let shared: MemoryStore
let clock: HandClock
let model: Model
let node: MemoNode

beforeEach(() => {
  shared = new MemoryStore()
  clock = new HandClock(shared)
  model = new Model()
  node = start()
})

const start = (store: MemoStore = shared.connect()) => startMemo({ store, ...clock })

interface Asker {
  readonly found: ReturnType<MemoNode['memo']['ask']>
  readonly heard: string[]
  leave(): void
}

async function asking(at: MemoNode = node, given: Parameters<typeof questionOf>[1] = {}): Promise<Asker> {
  const controller = new AbortController()
  const heard: string[] = []
  const onProgress = (piece: string) => void heard.push(piece)
  const found = at.memo.ask(questionOf(model, { signal: controller.signal, onProgress, ...given }))
  found.catch(() => {})
  await settled()
  return { found, heard, leave: () => controller.abort(new Error('left')) }
}

describe('one who leaves', () => {
  test('is told at once why, and nobody else is', async () => {
    const [first, second] = [await asking(), await asking()]
    first.leave()
    await expect(first.found).rejects.toThrow('left')
    expect(model.last.signal.aborted).toBe(false)
    model.last.answer('Ahoj!')
    expect((await second.found).from).toBe('JOINED')
    expect(model.names).toEqual(['a'])
  })

  test('is not even looked for when they left before they asked', async () => {
    const steps: string[] = []
    const watched = start(shared.connect(async (step) => void steps.push(step)))
    const signal = AbortSignal.abort(new Error('early'))
    await expect((await asking(watched, { signal })).found).rejects.toThrow('early')
    expect(steps).toEqual([])
  })

  test('is not computed for when they left before anything began', async () => {
    const controller = new AbortController()
    const found = node.memo.ask(questionOf(model, { signal: controller.signal }))
    controller.abort(new Error('while looking'))
    await expect(found).rejects.toThrow('while looking')
    expect(model.calls).toEqual([])
    expect(shared.entries.size).toBe(0)
  })

  test('is not computed for when they left while the place was being claimed', async () => {
    const store = shared.connect()
    const held = Promise.withResolvers<void>()
    const late = start({ ...store, claim: (...asked) => held.promise.then(() => store.claim(...asked)) })
    const first = await asking(late)
    first.leave()
    await expect(first.found).rejects.toThrow('left')
    held.resolve()
    await settled()
    expect(model.calls).toEqual([])
    expect(shared.entries.size).toBe(0)
    expect(clock.sleeping).toBe(0)
  })

  test('as the last one ends the computation, and whoever comes next begins anew', async () => {
    const asked = [await asking(), await asking()]
    for (const each of asked) each.leave()
    for (const each of asked) await expect(each.found).rejects.toThrow('left')
    expect(model.last.signal.reason).toEqual(new Error('left'))
    const next = await asking()
    expect(model.names).toEqual(['a'])
    model.last.heed()
    await clock.pass(20)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('anew')
    expect(await next.found).toMatchObject({ from: 'COMPUTED', value: { text: 'anew' } })
  })

  test('as the last one loses nothing that is computed all the same: whoever comes then gets it', async () => {
    const left = await asking()
    left.leave()
    await expect(left.found).rejects.toThrow('left')
    const next = await asking()
    model.last.answer('paid')
    await clock.pass(20)
    expect(await next.found).toMatchObject({ from: 'JOINED', value: { text: 'paid' } })
    expect((await (await asking(start())).found).from).toBe('STORED')
    expect(model.names).toEqual(['a'])
    expect(clock.sleeping).toBe(0)
  })

  test('as the last one loses nothing while it is put in place', async () => {
    const store = shared.connect()
    const held = Promise.withResolvers<void>()
    const slow = start({ ...store, settle: (...asked) => held.promise.then(() => store.settle(...asked)) })
    const first = await asking(slow)
    model.last.answer('paid')
    await settled()
    first.leave()
    await expect(first.found).rejects.toThrow('left')
    held.resolve()
    await settled()
    expect((await (await asking()).found).value.text).toBe('paid')
  })

  test('as the last one loses nothing without a store either', async () => {
    const alone = startMemo({ store: null, ...clock })
    const first = await asking(alone)
    first.leave()
    model.last.answer('paid')
    await settled()
    expect(await (await asking(alone)).found).toMatchObject({ from: 'STORED', value: { text: 'paid' } })
  })

  test('as the last one has what comes too late replace nothing that others have begun since', async () => {
    const alone = startMemo({ store: null, ...clock })
    const first = await asking(alone)
    first.leave()
    const [next, other] = [await asking(alone), await asking(alone)]
    expect(model.names).toEqual(['a', 'a'])
    model.calls[1]?.answer('anew')
    model.calls[0]?.answer('too late')
    expect([(await next.found).from, (await other.found).from]).toEqual(['COMPUTED', 'JOINED'])
    expect((await (await asking(alone)).found).value.text).toBe('anew')
  })

  test('as the last one leaves no failure behind, whatever the reason', async () => {
    const controller = new AbortController()
    await asking(start(), { signal: controller.signal })
    const waiting = await asking()
    controller.abort(new Outage('took too long'))
    model.last.heed()
    await clock.pass(20)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    expect((await waiting.found).from).toBe('COMPUTED')
  })

  test('as the last one ends the waiting for another process', async () => {
    await asking(start())
    const waiting = await asking()
    waiting.leave()
    await expect(waiting.found).rejects.toThrow('left')
    await settled()
    expect(clock.sleeping).toBe(1)
  })

  test('leaves the computing to another one who waits', async () => {
    const owner = await asking(start())
    const [first, second] = [
      await asking(node, { compute: model.ask('first') }),
      await asking(node, { compute: model.ask('second') }),
    ]
    first.leave()
    owner.leave()
    model.last.heed()
    await clock.pass(100)
    expect(model.names).toEqual(['a', 'second'])
    model.last.answer('Ahoj!')
    expect((await second.found).from).toBe('COMPUTED')
  })

  test('after the answer changes nothing', async () => {
    const first = await asking()
    model.last.answer('Ahoj!')
    await first.found
    first.leave()
    expect(model.last.signal.aborted).toBe(false)
  })

  test('leaves what they bypassed everything for as well', async () => {
    const first = await asking(node, { mode: 'BYPASS' })
    first.leave()
    await expect(first.found).rejects.toThrow('left')
    expect(model.last.signal.aborted).toBe(true)
  })
})

describe('a failure', () => {
  test('is told to everyone who waits', async () => {
    const asked = [await asking(), await asking()]
    model.last.fail(new Outage('gone'))
    for (const { found } of asked) await expect(found).rejects.toThrow('gone')
  })

  test('that is the asker’s own affair is told to them only; one of the others computes, for all of them', async () => {
    const asked = []
    for (const name of ['first', 'second', 'third']) asked.push(await asking(node, { compute: model.ask(name) }))
    model.last.fail(new Refusal('no budget'))
    await expect(asked[0]?.found).rejects.toThrow('no budget')
    await settled()
    expect(model.names).toEqual(['first', 'second'])
    model.last.answer('Ahoj!')
    expect([(await asked[1]?.found)?.from, (await asked[2]?.found)?.from]).toEqual(['COMPUTED', 'JOINED'])
  })

  test('that is the asker’s own affair ends with the last of those who have the same', async () => {
    const asked = [await asking(), await asking()]
    for (const { found } of asked) {
      model.last.fail(new Refusal('no budget'))
      await expect(found).rejects.toThrow('no budget')
      await settled()
    }
    expect(model.names).toEqual(['a', 'a'])
  })

  test('is nobody’s who asks again in the same breath', async () => {
    const alone = startMemo({ store: null, ...clock })
    const first = await asking(alone)
    const again = first.found.catch(() => asking(alone))
    model.last.fail(new Outage('gone'))
    await again
    expect(model.names).toEqual(['a', 'a'])
  })

  test('thrown before there is a promise is a failure like any other', async () => {
    const compute = () => {
      throw new Outage('at once')
    }
    await expect((await asking(node, { compute })).found).rejects.toThrow('at once')
  })
})

describe('what is computed', () => {
  test('is heard piece by piece by everyone who waits; who comes late hears what there was as one piece', async () => {
    const first = await asking()
    model.last.progress('Ahoj')
    model.last.progress(', ')
    const second = await asking()
    model.last.progress('Ado!')
    expect([first.heard, second.heard]).toEqual([
      ['Ahoj', ', ', 'Ado!'],
      ['Ahoj, ', 'Ado!'],
    ])
    model.last.answer('Ahoj, Ado!')
    await Promise.all([first.found, second.found])
    model.last.progress('!')
    expect(first.heard).toHaveLength(3)
    const third = await asking()
    await third.found
    expect(third.heard).toEqual([])
  })

  test('is computed again for one who asks again in the same breath, where nothing is remembered', async () => {
    const alone = startMemo({ store: null, keeps: 'nothing', ...clock })
    const first = await asking(alone)
    const again = first.found.then(() => asking(alone))
    model.last.answer('Ahoj!')
    await again
    expect(model.names).toEqual(['a', 'a'])
  })

  test('is not heard by those who come before there is any of it', async () => {
    expect((await asking()).heard).toEqual([])
    expect((await asking()).heard).toEqual([])
  })

  test('is not heard by one who left', async () => {
    const [first, second] = [await asking(), await asking()]
    first.leave()
    model.last.progress('Ahoj')
    expect([first.heard, second.heard]).toEqual([[], ['Ahoj']])
  })

  test('is computed all the same when one cannot listen', async () => {
    const onProgress = () => {
      throw new Error('deaf')
    }
    const [first, second] = [await asking(node, { onProgress }), await asking()]
    model.last.progress('Ahoj')
    const third = await asking(node, { onProgress })
    model.last.answer('Ahoj!')
    for (const { found } of [first, second, third]) expect((await found).value.text).toBe('Ahoj!')
    expect(second.heard).toEqual(['Ahoj'])
  })

  test('is not heard of two attempts mixed', async () => {
    const asked = []
    for (const name of ['first', 'second', 'third']) asked.push(await asking(node, { compute: model.ask(name) }))
    model.last.progress('Aho')
    model.last.fail(new Refusal('no budget'))
    await settled()
    const fourth = await asking()
    model.last.progress('Nazdar')
    model.last.fail(new Refusal('no budget either'))
    await settled()
    model.last.progress('Čau')
    model.last.answer('Čau!')
    expect((await asked[2]?.found)?.value.text).toBe('Čau!')
    expect(asked.map(({ heard }) => heard)).toEqual([['Aho'], ['Aho'], ['Aho']])
    expect(fourth.heard).toEqual(['Nazdar'])
  })
})
