import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Answering, RESPONSE_GUARDS, type ResponseGuard } from './answering.ts'
import { MemoryStore } from './memory-store.ts'
import { Source, startNode } from './node.ts'

/*
 * The promise for whole responses: none that is given to a request shows a value older than what was acknowledged before
 * the request began, be the response kept, stale, shared with others or new. As in `interleavings.test.ts`, a scheduler
 * decides which step happens next; and the same search finds a broken promise once a guard of responses is taken away,
 * while all those of entities stand.
 */

interface Operation {
  readonly kind: 'ask' | 'write' | 'time passes'
  readonly node: 0 | 1
  readonly ids: readonly number[]
}

/** What each of a few clients does, one thing after the other; mostly about the same, or nobody would meet. */
const clients = (kinds: readonly Operation['kind'][], nodes: readonly Operation['node'][]) =>
  fc.array(
    fc.array(
      fc.record({
        kind: fc.constantFrom(...kinds),
        node: fc.constantFrom(...nodes),
        ids: fc.constantFrom([0], [0], [0, 1]),
      }),
      { minLength: 2, maxLength: 6 },
    ),
    { minLength: 2, maxLength: 4 },
  )

class BrokenPromise extends Error {}

const promise = (plans: ReturnType<typeof clients>, without: ResponseGuard | null) =>
  fc.asyncProperty(fc.scheduler(), plans, async (scheduler, clients) => {
    const pause = (step: string) => scheduler.schedule(Promise.resolve(), step)
    const shared = new MemoryStore()
    const source = new Source(pause)
    const acknowledged = [0, 0]
    for (const id of acknowledged.keys()) source.versions.set(id, 0)
    const nodes = [0, 1].map(() => {
      const node = startNode(shared, source, { store: shared.connect(pause), turn: () => pause('turn') })
      return new Answering(node, shared, { policy: { maxAgeMs: 10_000, staleMs: 10_000 }, without })
    })
    const broken: string[] = []

    const expectFresh = async (at: Answering | undefined, ids: readonly number[]) => {
      const least = ids.map((id) => acknowledged[id] ?? 0)
      const { text = '', how } = (await at?.ask({ key: ids.join(), ids })) ?? {}
      const shown = text.split(' ').map(Number)
      if (!least.every((version, index) => version <= (shown[index] ?? -1)))
        broken.push(`${how}: read ${shown} of ${ids} after ${least} were acknowledged`)
    }
    const perform = async ({ kind, node, ids }: Operation) => {
      await pause(`${kind} ${ids} begins`)
      const [id = 0] = ids.toReversed()
      if (kind === 'ask') await expectFresh(nodes[node], ids)
      else if (kind === 'write')
        acknowledged[id] = Math.max((await nodes[node]?.node.write(id)) ?? 0, acknowledged[id] ?? 0)
      else shared.now += 6_000
    }
    const follow = async (plan: readonly Operation[]) => {
      for (const operation of plan) await perform(operation)
    }
    await scheduler.waitFor(Promise.all(clients.map(follow)))
    // Once everything is quiet, every node has the last word.
    await scheduler.waitFor(Promise.all(nodes.flatMap((at) => [[0], [0, 1]].map((ids) => expectFresh(at, ids)))))
    await Promise.all(nodes.map(({ node }) => node[Symbol.asyncDispose]()))
    if (broken.length > 0) throw new BrokenPromise(broken.join('\n'))
  })

describe('whatever the order of the steps', () => {
  test('no response shows what was overwritten before its request began', async () => {
    const everything = clients(['ask', 'ask', 'ask', 'ask', 'write', 'write', 'time passes'], [0, 1])
    await fc.assert(promise(everything, null), { numRuns: 2_000 })
  })

  test.each(RESPONSE_GUARDS)('the search finds a broken promise without the %s', async (guard) => {
    // Those who share a response are on one node.
    const plans = clients(['ask', 'ask', 'write'], guard === 'joining rule' ? [0] : [0, 1])
    const found = await fc.check(promise(plans, guard), { numRuns: 60_000, endOnFailure: true, seed: 4 })
    console.info(`${guard}: found after ${found.numRuns} tries`)
    expect(found.errorInstance).toBeInstanceOf(BrokenPromise)
  })
})
