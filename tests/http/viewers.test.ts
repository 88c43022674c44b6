import { beforeEach, describe, expect, test } from 'vitest'
import { userIdFromRow } from '../../src/domain/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { createViewers, NOBODY, type Viewers, viewerLabel } from '../../src/http/viewers.ts'

const BEGAN = 1_800_000_000_000

let now: number
/** Headers that were looked into. */
let proven: (string | undefined)[]
let viewers: Viewers

beforeEach(() => {
  now = BEGAN
  proven = []
  viewers = createViewers({
    now: () => now,
    async prove(authorization) {
      proven.push(authorization)
      if (authorization?.startsWith('Bearer good')) return { viewer: ada, until: BEGAN + 60_000 }
      return { viewer: { role: 'nobody', refused: 'It is not valid.' }, until: null }
    },
  })
})

const ada: Viewer = { role: 'user', id: userIdFromRow(7) }

/** As the server asks. */
const see = async (authorization: string | undefined) =>
  viewers.known(authorization) ?? (await viewers.read(authorization))

describe('a token', () => {
  test('is verified once, and remembered with whom it is of', async () => {
    expect(viewers.known('Bearer good')).toBeUndefined()
    for (let time = 0; time < 3; time += 1)
      expect(await see('Bearer good')).toEqual({
        viewer: ada,
        label: 'user:7',
        authorization: 'Bearer good',
        until: BEGAN + 60_000,
      })
    expect(proven).toEqual(['Bearer good'])
  })

  test('is remembered until it expires, and not in that very millisecond', async () => {
    await see('Bearer good')
    now = BEGAN + 59_999
    expect(viewers.known('Bearer good')?.viewer).toEqual(ada)
    now = BEGAN + 60_000
    expect(viewers.known('Bearer good')).toBeUndefined()
    await see('Bearer good')
    expect(proven).toHaveLength(2)
  })

  test('that is refused is looked into each time', async () => {
    for (let time = 0; time < 3; time += 1)
      expect(await see('Bearer bad')).toEqual({
        viewer: { role: 'nobody', refused: 'It is not valid.' },
        label: 'nobody',
        authorization: 'Bearer bad',
        until: Number.NEGATIVE_INFINITY,
      })
    expect(proven).toHaveLength(3)
  })

  test('is another with other letters', async () => {
    await see('Bearer good')
    expect(viewers.known('bearer good')).toBeUndefined()
    expect(viewers.known('Bearer good ')).toBeUndefined()
    expect(viewers.known('')).toBeUndefined()
  })

  test('is forgotten before memory is full of them, the ones that nobody uses first', async () => {
    const token = (n: number) => `Bearer good ${n} ${'x'.repeat(10_000)}`
    await see(token(0))
    for (let n = 1; n < 500; n += 1) {
      await see(token(n))
      await see(token(0))
    }
    expect(proven).toHaveLength(500)
    expect(viewers.known(token(1))).toBeUndefined()
    expect(viewers.known(token(499))).toBeDefined()
  })
})

describe('without a token', () => {
  test('one is nobody, which takes no proof', async () => {
    expect(await see(undefined)).toBe(NOBODY)
    expect(proven).toEqual([])
  })

  test('but with an empty header one is asked for it', async () => {
    expect((await see('')).label).toBe('nobody')
    expect(proven).toEqual([''])
  })
})

test.each<[Viewer, string]>([
  [ada, 'user:7'],
  [{ role: 'staff', id: userIdFromRow(7) }, 'staff:7'],
  [{ role: 'admin', id: null }, 'admin:-'],
  [{ role: 'nobody', refused: 'x' }, 'nobody'],
])('%j is called %s', (viewer, label) => {
  expect(viewerLabel(viewer)).toBe(label)
})
