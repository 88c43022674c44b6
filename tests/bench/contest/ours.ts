import { setTimeout as pause } from 'node:timers/promises'
import type { View } from '../../../src/cache/view.ts'
import { openOurs } from '../support/ours.ts'
import { policies } from '../support/values.ts'
import type { Contender, Setup } from './contender.ts'

const RETRY_MS = 10

/** Ours, many reads in one request: the sequence was read when it began. */
export const ours: Contender = { name: 'ours', open: (setup) => open(setup, { eachOpens: false }) }

/** Ours, with a request opened for each single read: the price of never being stale, paid in full. */
export const oursOpening: Contender = {
  name: 'ours, a request opened for each',
  open: (setup) => open(setup, { eachOpens: true }),
}

async function open({ url, namespace, memory, source }: Setup, { eachOpens }: { readonly eachOpens: boolean }) {
  const cache = await openOurs({ url, namespace, ...(!memory && { l1MaxBytes: 0 }) })
  const profiles = cache.kind(policies.profile, async (ids) => {
    const found = await source.many(ids)
    return new Map(found.map((user) => [user.id, user]))
  })
  let view: View = await cache.open('USE')
  const current = () => (eachOpens ? cache.open('USE') : view)
  return {
    async begin() {
      view = await cache.open('USE')
    },
    get: eachOpens ? async (id) => profiles.get(id, await cache.open('USE')) : (id) => profiles.get(id, view),
    getMany: async (ids) => (await profiles.getMany(ids, await current())).values(),
    async invalidate(id) {
      const changes = [{ id: 0, tag: policies.profile.tagOf(id) }]
      // On a busy machine the time to confirm may run out; nothing is acknowledged until it is confirmed.
      while (!(await cache.confirm(changes)).confirmed) await pause(RETRY_MS)
    },
    [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose](),
  } satisfies Awaited<ReturnType<Contender['open']>>
}
