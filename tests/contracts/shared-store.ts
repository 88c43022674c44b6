import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Announcement, SharedStore } from '../../src/cache/shared-store.ts'
import { eventually } from '../support/eventually.ts'

/** Two processes' connections to one store. */
export interface ConnectedStores extends AsyncDisposable {
  readonly one: SharedStore
  readonly other: SharedStore
}

/** What every shared store must do. */
export function describeSharedStore(name: string, open: () => Promise<ConnectedStores>): void {
  describe(`${name} as a shared store`, () => {
    let stores: ConnectedStores
    let one: SharedStore
    let other: SharedStore
    let life: string
    let keys: readonly [string, string, string]
    let nextKey = 0

    beforeAll(async () => {
      stores = await open()
      one = stores.one
      other = stores.other
    })
    afterAll(() => stores[Symbol.asyncDispose]())
    beforeEach(async () => {
      life = (await one.mark()).life
      nextKey += 1
      keys = [`t:{a${nextKey}}`, `t:{b${nextKey}}`, `t:{c${nextKey}}`]
    })

    const asked = (...wanted: readonly string[]) => wanted.map((key) => ({ key, discard: false }))
    const lease = (token: string, ms = 10_000) => ({ token, ms })
    const put = async (key: string, value: string) => {
      await one.lease(asked(key), lease('lease:put'), life)
      await one.fill([{ key, value, ttlMs: 10_000 }], 'lease:put')
    }

    test('reads many keys in their order, null where nothing stands', async () => {
      await put(keys[1], 'b')
      expect(await other.read(keys, life)).toEqual([null, 'b', null])
    })

    test('leases what is free, and tells what stands where it is not', async () => {
      await put(keys[0], 'a')
      expect(await one.lease(asked(keys[0], keys[1]), lease('lease:1'), life)).toEqual(['a', null])
      expect(await other.lease(asked(keys[1], keys[2]), lease('lease:2'), life)).toEqual(['lease:1', null])
      expect(await one.read(keys, life)).toEqual(['a', 'lease:1', 'lease:2'])
    })

    test('makes room where it is told to', async () => {
      await put(keys[0], 'a')
      await put(keys[1], 'b')
      const requests = [
        { key: keys[0], discard: true },
        { key: keys[1], discard: false },
        { key: keys[2], discard: true },
      ]
      expect(await one.lease(requests, lease('lease:1'), life)).toEqual([null, 'b', null])
    })

    test('fills only what still holds the token', async () => {
      await one.lease(asked(...keys), lease('lease:1'), life)
      await other.invalidate([keys[0]], [])
      await other.lease(asked(keys[0]), lease('lease:2'), life)
      await other.invalidate([keys[1]], [])
      const fills = keys.map((key) => ({ key, value: `value of ${key}`, ttlMs: 10_000 }))
      expect(await one.fill(fills, 'lease:1')).toBe(1)
      expect(await one.read(keys, life)).toEqual(['lease:2', null, `value of ${keys[2]}`])
    })

    test('lets leases and values end with their time', async () => {
      await one.lease(asked(keys[0]), lease('lease:1', 20), life)
      await one.lease(asked(keys[1]), lease('lease:1'), life)
      await one.fill([{ key: keys[1], value: 'b', ttlMs: 20 }], 'lease:1')
      await eventually(async () => expect(await one.read(keys, life)).toEqual([null, null, null]))
    })

    test('keeps any text as it is', async () => {
      const text = 'čeština 🎓 "quotes" \\ \u0000 \n {}'
      await put(keys[0], text)
      expect(await other.read([keys[0]], life)).toEqual([text])
    })

    test('removes many keys, and none', async () => {
      await put(keys[0], 'a')
      await put(keys[1], 'b')
      await other.invalidate([keys[0], keys[1], keys[2]], [])
      await other.invalidate([], [])
      expect(await one.read(keys, life)).toEqual([null, null, null])
    })

    test('refuses whoever knows another life', async () => {
      await expect(one.read([keys[0]], 'another')).rejects.toMatchObject({ name: 'StoreUnavailable' })
      await expect(one.lease(asked(keys[0]), lease('lease:1'), 'another')).rejects.toMatchObject({
        name: 'StoreUnavailable',
      })
    })

    test('counts announcements one by one, the same for everyone', async () => {
      const before = await one.mark()
      const first = await one.invalidate([], ['x'])
      const second = await other.invalidate([], ['y', 'z'])
      expect([first.number, second.number]).toEqual([before.number + 1, before.number + 2])
      expect(await one.mark()).toEqual(second)
      expect(Number.isSafeInteger(second.number)).toBe(true)
    })

    test('takes a new epoch as a step of the sequence', async () => {
      const before = await one.mark()
      const after = await other.newEpoch()
      expect(after.number).toBe(before.number + 1)
      expect(after.epoch).not.toBe(before.epoch)
      expect(await one.mark()).toEqual(after)
    })

    test('tells everyone who listens, in order and with the tags', async () => {
      const heard: Announcement[] = []
      const { promise: listening, resolve } = Promise.withResolvers<void>()
      const subscription = one.subscribe({
        listening: () => resolve(),
        heard: (announcement) => heard.push(announcement),
        lost() {},
      })
      await listening
      const { number } = await other.mark()
      await Promise.all([other.invalidate([], ['user:1', 'ž"\\']), one.invalidate([], []), other.newEpoch()])
      await eventually(() => expect(heard).toHaveLength(3))
      expect(heard.map((each) => each.number)).toEqual([number + 1, number + 2, number + 3])
      expect(heard.map(({ tags }) => tags)).toContainEqual(['user:1', 'ž"\\'])
      await subscription[Symbol.asyncDispose]()
    })
  })
}
