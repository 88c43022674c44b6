import { EVERYTHING } from './outbox.ts'
import type { Announcement, SequenceHearer, SharedStore } from './shared-store.ts'

/**
 * The sequence for a database that only this process can reach: a counter, whose announcements are heard at once. It
 * stores nothing, so what is read comes from memory or from the source.
 */
export function createLocalStore(): SharedStore {
  const life = 'this process'
  const hearers = new Set<SequenceHearer>()
  let number = 0
  let epoch = 0

  const mark = () => ({ life, epoch, number })
  function announce(tags: Announcement['tags']) {
    number += 1
    for (const hearer of hearers) hearer.heard({ number, tags })
    return mark()
  }

  return {
    read: async (keys) => keys.map(() => null),
    lease: async (requests) => requests.map(() => null),
    fill: async (fills) => fills.length,
    mark: async () => mark(),
    invalidate: async (_, tags) => announce(tags),
    async newEpoch() {
      epoch += 1
      return announce([EVERYTHING])
    },
    subscribe(hearer) {
      hearers.add(hearer)
      hearer.listening(life)
      return {
        async [Symbol.asyncDispose]() {
          hearers.delete(hearer)
        },
      }
    },
  }
}
