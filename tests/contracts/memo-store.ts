import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ANYTHING_BUT_A_LEASE, type MemoStore } from '../../src/cache/memo-store.ts'
import type { SharedStore } from '../../src/cache/shared-store.ts'
import { eventually } from '../support/eventually.ts'

/** Two processes' connections to one store, with both of its sides. */
export interface ConnectedMemoStores extends AsyncDisposable {
  readonly one: SharedStore & MemoStore
  readonly other: SharedStore & MemoStore
}

/** Bytes as texts of as many characters, each of which is one. */
const BYTES: readonly (readonly [name: string, text: string])[] = [
  ['every byte', String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))],
  ['bytes that are UTF-8', Buffer.from('čeština 🎓').toString('latin1')],
  ['bytes that are no text', '\u00ff\u00fe\u0000'],
]
const TEXTS = [['any text', 'čeština 🎓 "quotes" \\ \u0000 \n {}'], ...BYTES] as const

/** What may stand in a store. */
const KEPT = { text: TEXTS, bytes: BYTES }

/**
 * What every store of memoised values must do.
 * @param form what its values are: any text, or bytes as above
 */
export function describeMemoStore(
  name: string,
  open: () => Promise<ConnectedMemoStores>,
  form: keyof typeof KEPT = 'text',
): void {
  describe(`${name} as a store of memoised values`, () => {
    let stores: ConnectedMemoStores
    let one: ConnectedMemoStores['one']
    let other: ConnectedMemoStores['one']
    let key: string
    let another: string
    let nextKey = 0

    beforeAll(async () => {
      stores = await open()
      one = stores.one
      other = stores.other
    })
    afterAll(() => stores[Symbol.asyncDispose]())
    beforeEach(() => {
      nextKey += 1
      key = `t:{memo${nextKey}}`
      another = `t:{another memo${nextKey}}`
    })

    const lease = (unique: string, ms = 10_000) => ({ token: `lease:${unique}`, ms })
    const standing = async () => (await other.find([key]))[0]
    const put = async (value: string, ttlMs = 10_000) => {
      await one.claim(key, lease('put'), null)
      await one.settle(key, 'lease:put', value, ttlMs)
    }

    test('finds many keys in their order, null where nothing stands, and finds none of none', async () => {
      await put('a')
      expect(await other.find([another, key])).toEqual([null, 'a'])
      expect(await other.find([])).toEqual([])
    })

    test('gives a free place to one of all who claim it, and tells the others whose it is', async () => {
      const claims = [1, 2, 3, 4].map((n) => (n % 2 ? one : other).claim(key, lease(`${n}`), null))
      const answers = await Promise.all(claims)
      const winner = `lease:${answers.indexOf(null) + 1}`
      expect(answers.toSorted()).toEqual([winner, winner, winner, null])
      expect(await standing()).toBe(winner)
    })

    test('replaces exactly the text that may be replaced', async () => {
      await put('a')
      expect(await one.claim(key, lease('1'), 'b')).toBe('a')
      expect(await one.claim(key, lease('1'), null)).toBe('a')
      expect(await standing()).toBe('a')
      expect(await one.claim(key, lease('1'), 'a')).toBeNull()
      expect(await standing()).toBe('lease:1')
      expect(await one.claim(another, lease('1'), 'gone by now')).toBeNull()
    })

    test('replaces whatever is no lease, where it is told so', async () => {
      expect(await one.claim(another, lease('1'), ANYTHING_BUT_A_LEASE)).toBeNull()
      await put('a')
      expect(await one.claim(key, lease('1'), ANYTHING_BUT_A_LEASE)).toBeNull()
      expect(await other.claim(key, lease('2'), ANYTHING_BUT_A_LEASE)).toBe('lease:1')
      expect(await standing()).toBe('lease:1')
    })

    test('puts a value in the place of its token and nowhere else', async () => {
      await one.claim(key, lease('1'), null)
      expect(await other.settle(key, 'lease:2', 'b', 10_000)).toBe(false)
      expect(await one.settle(key, 'lease:1', 'a', 10_000)).toBe(true)
      expect(await one.settle(key, 'lease:1', 'b', 10_000)).toBe(false)
      expect(await one.settle(another, 'lease:1', 'b', 10_000)).toBe(false)
      expect(await one.find([key, another])).toEqual(['a', null])
    })

    test('removes a token and nothing else', async () => {
      await one.claim(key, lease('1'), null)
      await other.release(key, 'lease:2')
      expect(await standing()).toBe('lease:1')
      await one.release(key, 'lease:1')
      await one.release(key, 'lease:1')
      expect(await standing()).toBeNull()
    })

    test('lets leases and values end with their time, and prolongs what still stands', async () => {
      await put('a', 20)
      await one.claim(another, lease('1', 20), null)
      await eventually(async () => expect(await one.find([key, another])).toEqual([null, null]))
      expect(await one.renew(another, lease('1'))).toBe(false)
      expect(await one.find([another])).toEqual([null])

      await one.claim(key, lease('1', 800), null)
      expect(await one.renew(key, lease('1'))).toBe(true)
      expect(await other.renew(key, lease('2'))).toBe(false)
      await one.claim(another, lease('later', 1_000), null)
      await eventually(async () => expect(await one.find([another])).toEqual([null]))
      expect(await standing()).toBe('lease:1')
      expect(await one.renew(key, lease('1', 20))).toBe(true)
      await eventually(async () => expect(await standing()).toBeNull())
    })

    test('takes an invalidation for the end of a lease', async () => {
      await one.claim(key, lease('1'), null)
      await other.invalidate([key], ['tag'])
      expect(await one.renew(key, lease('1'))).toBe(false)
      expect(await one.settle(key, 'lease:1', 'a', 10_000)).toBe(false)
      expect(await standing()).toBeNull()
    })

    test('finds what stands there in any epoch', async () => {
      await put('a')
      await other.newEpoch()
      expect(await standing()).toBe('a')
    })

    test('notes marks in their order, the same one once, and lets the oldest go', async () => {
      const note = (mark: string) => one.note(key, mark, { most: 4, ttlMs: 10_000 })
      for (const mark of ['aa', 'bb', 'cc']) await note(mark)
      expect(await standing()).toBe('aabbcc')
      await note('aa')
      expect(await standing()).toBe('bbccaa')
      for (const mark of ['dd', 'ee']) await note(mark)
      expect(await standing()).toBe('ccaaddee')
      // These two stand there together, and are none.
      await note('cd')
      await note('ad')
      expect(await standing()).toBe('ddeecdad')
    })

    test('gives a list its whole time anew with each mark', async () => {
      await one.note(key, 'aa', { most: 3, ttlMs: 500 })
      await one.note(key, 'bb', { most: 3, ttlMs: 10_000 })
      await one.note(another, 'aa', { most: 3, ttlMs: 700 })
      await eventually(async () => expect(await one.find([another])).toEqual([null]))
      expect(await standing()).toBe('aabb')
    })

    test.each(KEPT[form])('keeps %s as it is', async (_, value) => {
      await put(value)
      expect(await standing()).toBe(value)
      expect(await one.claim(key, lease('1'), null)).toBe(value)
      expect(await one.claim(key, lease('1'), `${value}\u00e9`)).toBe(value)
      expect(await one.claim(key, lease('1'), value)).toBeNull()
      expect(await standing()).toBe('lease:1')
    })

    test('finds as many at once as it is asked for', async () => {
      const keys = Array.from({ length: 40 }, (_, n) => `t:{many${nextKey}-${n}}`)
      for (const [n, each] of keys.entries()) {
        if (n % 3 === 0) continue
        await one.claim(each, lease('put'), null)
        await one.settle(each, 'lease:put', `\u00ff${n}`, 10_000)
      }
      expect(await other.find(keys)).toEqual(keys.map((_, n) => (n % 3 === 0 ? null : `\u00ff${n}`)))
    })
  })
}
