import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryStore } from './memory-store.ts'
import { GUARDS, type Guard, type Node, Source, startNode } from './node.ts'

/*
 * The promise: a read that begins after a write was acknowledged never returns a value older than that write. Two nodes
 * read and write a few things while a scheduler decides which step of which operation happens next; whatever order it
 * chooses, no read may break the promise. The same search must find a broken promise once a guard is taken away.
 */

type Operation = {
  readonly kind: 'read' | 'write' | 'evict' | 'snapshot' | 'roll back'
  readonly node: 0 | 1
  readonly id: 0 | 1
}

/** What may happen in a search: the fewer kinds of things, the deeper it gets. */
interface World {
  readonly kinds: readonly Operation['kind'][]
  readonly nodes: readonly Operation['node'][]
  readonly ids: readonly Operation['id'][]
}

const everything: World = {
  kinds: ['read', 'read', 'read', 'read', 'write', 'write', 'evict', 'snapshot', 'roll back'],
  nodes: [0, 1],
  // Mostly the same thing: where nobody meets, nothing can go wrong.
  ids: [0, 0, 0, 1],
}

/** Each guard is looked for where it is needed. */
const WITHOUT: Record<Guard, World> = {
  'lease compare': { ...everything, kinds: ['read', 'read', 'write', 'evict'], ids: [0] },
  'sequence check': { ...everything, kinds: ['read', 'read', 'write'], ids: [0] },
  'put fence': { ...everything, kinds: ['read', 'read', 'write'], ids: [0] },
  'joining rule': { kinds: ['read', 'read', 'write'], nodes: [0], ids: [0] },
  'life stamp': { ...everything, kinds: ['read', 'read', 'write', 'snapshot', 'roll back'], ids: [0] },
}

/** What each of a few clients does, one thing after the other; the clients do not wait for each other. */
const clients = ({ kinds, nodes, ids }: World) =>
  fc.array(
    fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), node: fc.constantFrom(...nodes), id: fc.constantFrom(...ids) }),
      { minLength: 2, maxLength: 6 },
    ),
    { minLength: 2, maxLength: 4 },
  )

const promise = (world: World, without: Guard | null) =>
  fc.asyncProperty(fc.scheduler(), clients(world), async (scheduler, plans) => {
    const pause = (step: string) => scheduler.schedule(Promise.resolve(), step)
    const shared = new MemoryStore()
    const source = new Source(pause)
    for (const id of [0, 1]) source.versions.set(id, 0)
    const nodes = [0, 1].map(() =>
      startNode(shared, source, { store: shared.connect(pause), without, turn: () => pause('turn') }),
    )
    const acknowledged = new Map([
      [0, 0],
      [1, 0],
    ])
    const broken: string[] = []
    // What the store would find on its disk after a crash.
    let snapshot = new Map(shared.entries)

    const perform = async ({ kind, node, id }: Operation) => {
      await pause(`${kind} ${id} begins`)
      const at = nodes[node]
      if (kind === 'read') await expectFresh(at, id)
      else if (kind === 'write') acknowledged.set(id, Math.max((await at?.write(id)) ?? 0, acknowledged.get(id) ?? 0))
      else if (kind === 'evict') shared.entries.delete(`test:v1:{thing:${id}}`)
      else if (kind === 'snapshot') snapshot = new Map(shared.entries)
      else shared.restart(snapshot)
    }
    const expectFresh = async (at: Node | undefined, id: number) => {
      const least = acknowledged.get(id) ?? 0
      const version = (await at?.read(id))?.version ?? -1
      if (version < least) broken.push(`thing ${id}: read ${version} after ${least} was acknowledged`)
    }

    const follow = async (plan: readonly Operation[]) => {
      for (const operation of plan) await perform(operation)
    }
    await scheduler.waitFor(Promise.all(plans.map(follow)))
    // Once everything is quiet, every node and every tier has the last word.
    await scheduler.waitFor(Promise.all(nodes.flatMap((at) => [0, 1].map((id) => expectFresh(at, id)))))
    await Promise.all(nodes.map((at) => at[Symbol.asyncDispose]()))
    if (broken.length > 0) throw new BrokenPromise(broken.join('\n'))
  })

class BrokenPromise extends Error {}

describe('whatever the order of the steps', () => {
  test('no read returns what was overwritten before it began', async () => {
    await fc.assert(promise(everything, null), { numRuns: 3_000 })
  })

  test.each(Object.entries(WITHOUT))('the search finds a broken promise without the %s', async (guard, world) => {
    const [taken] = GUARDS.filter((each) => each === guard)
    const found = await fc.check(promise(world, taken ?? null), { numRuns: 60_000, endOnFailure: true, seed: 4 })
    console.info(`${guard}: found after ${found.numRuns} tries`)
    expect(found.errorInstance).toBeInstanceOf(BrokenPromise)
  })
})
