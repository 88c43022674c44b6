import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { Speller, type SpellerOptions, spawnSpeller } from '../../../src/tutor/embedded/spelling/speller.ts'

const worker = (body: string): Worker =>
  new Worker(`const { parentPort } = require('node:worker_threads')\n${body}`, { eval: true })

const answering = () => worker(`parentPort.on('message', ({ id }) => parentPort.postMessage({ id, checked: null }))`)
const dying = () => worker(`parentPort.on('message', () => process.exit(1))`)
const throwing = () => worker(`parentPort.on('message', () => { throw new Error('broken') })`)
const stillborn = () => worker(`throw new Error('no dictionary engine')`)
const hanging = () => worker(`parentPort.on('message', () => { for (;;); })`)
const mute = () => worker(`parentPort.on('message', () => {})`)
/** Answers with `ok` and dies of everything else. */
const picky = () =>
  worker(`parentPort.on('message', ({ id, text }) => {
    if (text !== 'ok') process.exit(1)
    parentPort.postMessage({ id, checked: null })
  })`)

const { signal } = new AbortController()

/** A speller whose workers are these, one after the other, the last one again and again; and all that it started. */
function opened(kinds: readonly [() => Worker, ...(() => Worker)[]], patienceMs = 30_000) {
  const started: Worker[] = []
  const options: SpellerOptions = {
    patienceMs,
    spawn: () => {
      const next = (kinds[started.length] ?? kinds.at(-1) ?? kinds[0])()
      started.push(next)
      return next
    },
  }
  return { speller: new Speller(options), started }
}

describe('a speller', () => {
  test('starts one worker with the first question and keeps it', async () => {
    const { speller, started } = opened([answering])
    await using _ = speller
    expect(started).toHaveLength(0)
    expect(await Promise.all(['a', 'b', 'c'].map((text) => speller.check(text, signal)))).toEqual([null, null, null])
    expect(await speller.check('d', signal)).toBeNull()
    expect(started).toHaveLength(1)
  })

  test('asks once more when its worker dies of a question', async () => {
    const { speller, started } = opened([dying, answering])
    await using _ = speller
    expect(await speller.check('a', signal)).toBeNull()
    expect(started).toHaveLength(2)
  })

  test.each([
    ['dies', dying],
    ['throws', throwing],
    ['does not start', stillborn],
  ])('gives a question up when a second worker %s, and starts another for the next', async (_, kind) => {
    const { speller, started } = opened([kind, kind, answering])
    await using __ = speller
    await expect(speller.check('a', signal)).rejects.toMatchObject({
      name: 'HonzikError',
      code: 'UPSTREAM_UNAVAILABLE',
    })
    expect(started).toHaveLength(2)
    expect(await speller.check('b', signal)).toBeNull()
    expect(started).toHaveLength(3)
  })

  test('says what the worker died of, for the log', async () => {
    const { speller } = opened([throwing])
    await using _ = speller
    await expect(speller.check('a', signal)).rejects.toMatchObject({ cause: { message: 'broken' } })
  })

  test('answers the others when one question is deadly', async () => {
    const { speller } = opened([picky])
    await using _ = speller
    const answers = await Promise.allSettled(['ok', 'deadly', 'ok'].map((text) => speller.check(text, signal)))
    expect(answers[0]?.status).toBe('fulfilled')
    expect(answers[1]?.status).toBe('rejected')
    expect(await speller.check('ok', signal)).toBeNull()
  })

  test('replaces a worker that no longer answers', async () => {
    const { speller, started } = opened([hanging, answering], 1_500)
    await using _ = speller
    expect(await speller.check('a', signal)).toBeNull()
    expect(started).toHaveLength(2)
  })

  test('gives a question up that hangs two workers', async () => {
    const { speller } = opened([hanging], 20)
    await using _ = speller
    await expect(speller.check('a', signal)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  test('does not wait any longer than the caller does', async () => {
    const { speller } = opened([mute])
    await using _ = speller
    const caller = new AbortController()
    const asked = speller.check('a', caller.signal)
    caller.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    await expect(speller.check('b', caller.signal)).rejects.toThrow('enough')
  })

  test('takes an answer that comes too late for one caller as no answer of another', async () => {
    const { speller } = opened([answering])
    await using _ = speller
    const caller = new AbortController()
    const asked = speller.check('a', caller.signal)
    caller.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    expect(await speller.check('b', signal)).toBeNull()
  })

  test('ends its worker when it is closed, and whoever waits hears of it', async () => {
    const { speller, started } = opened([mute])
    const asked = expect(speller.check('a', signal)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    const exited = started.map((it) => once(it, 'exit'))
    await speller[Symbol.asyncDispose]()
    await asked
    await Promise.all(exited)
    await expect(speller.check('b', signal)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    speller.start()
    await turn()
    expect(started).toHaveLength(1)
  })
})

describe('the worker', () => {
  test('checks words by the dictionary that is installed', async () => {
    await using speller = new Speller({ spawn: () => spawnSpeller(null), patienceMs: 30_000 })
    expect(await speller.check('vcera jsem byl v praze', signal)).toEqual({
      words: 5,
      right: 3,
      isCzech: true,
      misspellings: [
        { original: 'vcera', corrected: 'včera', start: 0 },
        { original: 'praze', corrected: 'Praze', start: 17 },
      ],
      unknown: [],
    })
  })

  test('answers that it has no dictionary when there is none', async () => {
    const nowhere = new URL('./nowhere/', import.meta.url)
    await using speller = new Speller({ spawn: () => spawnSpeller(nowhere), patienceMs: 30_000 })
    expect(await speller.check('vcera', signal)).toBeNull()
  })
})
