import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { View } from '../../src/cache/view.ts'
import { Answering } from './answering.ts'
import { MemoryStore } from './memory-store.ts'
import { Source, settled, startNode } from './node.ts'

/*
 * A response may be made from what was read for another request that knew of less: it began before the change was
 * acknowledged, and so may show what was there before, but it read the sequence after the change. What it knows of is
 * then not what it shows.
 */

let here: Answering
let release: () => void

beforeEach(async () => {
  const shared = new MemoryStore()
  const gate = Promise.withResolvers<void>()
  const source = new Source(async (step) => {
    if (step === 'load: on its way back') await gate.promise
  })
  source.versions.set(1, 1)
  const node = startNode(shared, source)
  onTestFinished(() => node[Symbol.asyncDispose]())
  await settled()
  here = new Answering(node, shared)
  release = gate.resolve
})

/** A request that began before a change and learns of it, but reads what was asked for by one that does not. */
async function borrowing() {
  const opened = await here.node.cache.open('USE')
  const lender = here.ask({ key: 'lender' })
  await settled()
  await here.node.write(1)
  const { mark } = await here.node.cache.open('USE')
  const view: View = { ...opened, mark }
  const borrower = here.askWith(view)
  await settled()
  return { lender, borrower }
}

describe('a response that is made from what was read for somebody who knew of less', () => {
  test('is given to who asked for it, but not kept', async () => {
    const { lender, borrower } = await borrowing()
    release()
    expect(await lender).toEqual({ text: '1', how: 'made' })
    expect(await borrower).toEqual({ text: '1', how: 'made' })
    expect(await here.ask()).toEqual({ text: '2', how: 'made' })
    expect(await here.ask()).toEqual({ text: '2', how: 'kept' })
  })

  test('is not given to those who began after the change', async () => {
    const { borrower } = await borrowing()
    const later = here.ask()
    await settled()
    release()
    expect(await borrower).toEqual({ text: '1', how: 'made' })
    expect(await later).toEqual({ text: '2', how: 'made' })
  })
})
