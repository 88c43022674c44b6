import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Spending } from '../../../src/replies/tutor.ts'
import type { ModelTutorOptions } from '../../../src/tutor/openai/openai-tutor.ts'
import { eventually } from '../../support/eventually.ts'
import { rateLimited, serverError, type Trouble, unpaid, wrongKey } from '../../support/fake-openai/trouble.ts'
import { dripped, openWorld, prompts, rejection, type World } from './world.ts'

const price = { in: 1, cached: 1, out: 1 }
const unknown = { model: 'big', tokens: null, usd: null }
const known = {
  model: 'big',
  tokens: expect.objectContaining({ tokensOut: expect.any(Number) }),
  usd: expect.any(Number),
}

const open = (options: Partial<ModelTutorOptions> = {}) => openWorld({ prices: new Map([['big', price]]), ...options })

/** Asks in a world; what is told by the time it is answered, or not. */
function asking(world: World, isStreamed: boolean, signal = new AbortController().signal) {
  const spent: Spending[] = []
  const onText = isStreamed ? () => {} : undefined
  const ended = world
    .prepare()
    .ask({ signal, onText, onSpent: (spending) => spent.push(spending) })
    .then(
      () => spent,
      () => spent,
    )
  return { spent, ended }
}

async function spentOn(isStreamed: boolean, troubles: readonly Trouble[], options: Partial<ModelTutorOptions> = {}) {
  await using world = await open(options)
  for (const trouble of troubles) world.fake.play(trouble, 1)
  return await asking(world, isStreamed).ended
}

/** Time enough to send a request, and to hear that something comes back. */
const SHORT_MS = 300
const soon = { kind: 'status', status: 500, headers: { 'retry-after-ms': '1' } } as const

describe.each([
  { how: 'whole', isStreamed: false },
  { how: 'streamed', isStreamed: true },
])('what has to be paid for an answer asked for $how', ({ isStreamed }) => {
  test.each<[string, readonly Trouble[]]>([
    ['is good', []],
    ['is a refusal', [{ kind: 'refusal' }]],
    ['is cut short', [{ kind: 'length' }]],
    ['has no reply', [{ kind: 'answer', changes: { reply: '' } }]],
    ['comes at the third attempt', [soon, soon]],
  ])('is told once when it %s', async (_, troubles) => {
    expect(await spentOn(isStreamed, troubles, { maxRetries: 2 })).toEqual([known])
  })

  test.each<[string, Trouble]>([
    ['is no JSON', { kind: 'content', content: 'Ahoj' }],
    ['has another shape', { kind: 'content', content: { reply: 'Ahoj?' } }],
    ['repeats the instructions', { kind: 'answer', changes: { reply: prompts.delimited('Ahoj?') } }],
  ])('is told once when it %s', async (_, trouble) => {
    // A stream that is not worth hearing to its end has not said yet what it took.
    expect(await spentOn(isStreamed, [trouble])).toEqual([expect.objectContaining({ model: 'big' })])
  })

  test.each<[string, Trouble]>([
    ['is not counted', { kind: 'usage', usage: undefined }],
    ['breaks off', { kind: 'cut', afterBytes: 200 }],
    ['ends too early', { kind: 'cut', afterBytes: 200, politely: true }],
    ['is a page of a proxy', { kind: 'page' }],
    ['is no chat completion', { kind: 'stranger' }],
  ])('is told once, as not known, when it %s', async (_, trouble) => {
    expect(await spentOn(isStreamed, [trouble])).toEqual([unknown])
  })

  test.each<[string, readonly Trouble[]]>([
    ['nothing has come', [{ kind: 'hang' }]],
    ['it has begun', [{ kind: 'drip', bytes: 1, everyMs: 20 }]],
    ['it has stopped', [{ kind: 'drip', bytes: 20, everyMs: 1, stallAfter: 2 }]],
    ['other attempts have failed', [soon, { kind: 'hang' }]],
  ])('is told once, as not known, when the time is up and %s', async (_, troubles) => {
    expect(await spentOn(isStreamed, troubles, { timeoutMs: SHORT_MS, maxRetries: 2 })).toEqual([unknown])
  })

  test.each<[string, Trouble, pieces: number]>([
    ['before the first byte', { kind: 'hang' }, 0],
    ['after it', { kind: 'drip', bytes: 1, everyMs: 10 }, 3],
  ])('is told once, as not known, when the caller leaves %s', async (_, trouble, pieces) => {
    await using world = await open()
    world.fake.play(trouble)
    const caller = new AbortController()
    const { ended, spent } = asking(world, isStreamed, caller.signal)
    await dripped(world, pieces)
    expect(spent).toEqual([])
    caller.abort()
    expect(await ended).toEqual([unknown])
  })

  test.each<[string, Trouble, pieces: number]>([
    ['before the first byte', { kind: 'hang' }, 0],
    ['after it', { kind: 'drip', bytes: 1, everyMs: 10 }, 3],
  ])('is told once, as not known, when the tutor is closed %s', async (_, trouble, pieces) => {
    await using world = await open()
    world.fake.play(trouble)
    const { ended } = asking(world, isStreamed)
    await dripped(world, pieces)
    await world.tutor[Symbol.asyncDispose]()
    expect(await ended).toEqual([unknown])
  })

  test.each<[string, Trouble]>([
    ['the model is busy', rateLimited()],
    ['the quota is used up', unpaid],
    ['the key is wrong', wrongKey],
    ['the request is wrong', { kind: 'status', status: 400 }],
    ['the server fails', serverError],
    ['a gateway loses patience', { kind: 'status', status: 408 }],
    ['the connection is reset', { kind: 'reset' }],
  ])('is nothing when %s', async (_, trouble) => {
    expect(await spentOn(isStreamed, [trouble])).toEqual([])
  })

  test('is nothing when the server fails and does not finish saying so', async () => {
    const trouble = { kind: 'status', status: 500, endless: true } as const
    // Long enough for what it says at first, whatever else the machine does.
    expect(await spentOn(isStreamed, [trouble], { timeoutMs: 3_000 })).toEqual([])
  })

  test('is nothing when every attempt fails', async () => {
    expect(await spentOn(isStreamed, [soon, { kind: 'reset' }, soon], { maxRetries: 2 })).toEqual([])
  })

  test('is nothing when the caller leaves before it is sent, or between attempts', async () => {
    await using world = await open({ maxRetries: 1 })
    const early = new AbortController()
    const unsent = asking(world, isStreamed, early.signal)
    early.abort()
    expect(await unsent.ended).toEqual([])
    world.fake.play({ kind: 'status', status: 500, headers: { 'retry-after': '5' } })
    const late = new AbortController()
    const waits = vi.spyOn(globalThis, 'setTimeout')
    onTestFinished(() => waits.mockRestore())
    const { ended } = asking(world, isStreamed, late.signal)
    await eventually(() => expect(waits).toHaveBeenCalledWith(expect.any(Function), 5_000))
    late.abort()
    expect(await ended).toEqual([])
    expect(world.fake.requests).toHaveLength(1)
  })

  test('is nothing while the model is not asked', async () => {
    await using world = await open({ breaker: { failures: 1, openMs: 60_000 } })
    world.fake.play(serverError, 1)
    await rejection(world.ask())
    expect(await asking(world, isStreamed).ended).toEqual([])
    expect(world.fake.requests).toHaveLength(1)
  })
})

test('what a stream says that it took has to be paid when it breaks off after that', async () => {
  expect(await spentOn(true, [{ kind: 'cut', afterBytes: -'data: [DONE]\n\n'.length }])).toEqual([known])
})
