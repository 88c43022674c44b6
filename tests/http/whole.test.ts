import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { compress, etagOf, needsCompression, replyWith, type Wanting, type Whole } from '../../src/http/whole.ts'

const NOW = 1_800_000_000_000

const wholeOf = (text: string, more: Partial<Whole> = {}): Whole => ({
  operation: null,
  scope: 'PRIVATE',
  octets: text,
  etag: etagOf(Buffer.from(text)),
  madeAt: NOW,
  codes: [],
  cause: undefined,
  status: 'MISS',
  gzip: null,
  ...more,
})

const small = 'a'.repeat(1_024)
const large = 'a'.repeat(1_025)
const get: Wanting = { method: 'GET', ifNoneMatch: undefined, acceptEncoding: undefined }
const zipped: Wanting = { ...get, acceptEncoding: 'gzip' }

/** The headers by their names. */
const headersOf = (...asked: Parameters<typeof replyWith>) => {
  const { headers } = replyWith(...asked)
  return Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]]] : [])))
}

describe('the tag', () => {
  test('is of the bytes: one that differs makes another', () => {
    expect(etagOf(Buffer.from('a'))).toBe(etagOf(Buffer.from('a')))
    expect(etagOf(Buffer.from('a'))).not.toBe(etagOf(Buffer.from('b')))
    expect(etagOf(Buffer.from(''))).toMatch(/^"[\w-]{27}"$/)
  })
})

describe('the age', () => {
  test.each([
    [0, '0'],
    [999, '0'],
    [1_000, '1'],
    [61_999, '61'],
    [-5_000, '0'],
  ])('after %i ms is %s seconds, and never less than none', (ms, age) => {
    expect(headersOf(wholeOf('x'), get, NOW + ms)).toMatchObject({ age })
  })
})

describe('compression', () => {
  test('is for more than a kilobyte, for those who can read it, once', async () => {
    expect(needsCompression(zipped, wholeOf(small))).toBe(false)
    const whole = wholeOf(large)
    expect([needsCompression(get, whole), needsCompression(zipped, whole)]).toEqual([false, true])
    const grown = await compress(whole)
    const { gzip } = whole
    if (typeof gzip !== 'string') throw new TypeError('not compressed')
    expect(grown).toBe(gzip.length)
    expect(gunzipSync(Buffer.from(gzip, 'latin1')).toString()).toBe(large)
    expect(needsCompression(zipped, whole)).toBe(false)
    expect([await compress(whole), whole.gzip]).toEqual([0, gzip])
  })

  test('is done once for all who ask for it at the same moment', async () => {
    const whole = wholeOf(large)
    const grown = await Promise.all([compress(whole), compress(whole), compress(whole)])
    expect(grown).toEqual([whole.gzip?.toString().length, 0, 0])
  })

  test('is not needed by those who have the answer, whose tag is the same before it and after', async () => {
    const whole = wholeOf(large)
    const tag = `${whole.etag?.slice(0, -1)}-gzip"`
    const again = { ...zipped, ifNoneMatch: tag }
    expect(needsCompression(again, whole)).toBe(false)
    const before = replyWith(whole, again, NOW)
    expect([before.status, before.body, headersOf(whole, again, NOW)['etag']]).toEqual([304, null, tag])
    await compress(whole)
    expect(replyWith(whole, again, NOW)).toEqual(before)
  })

  test('shows in the tag, the length and the encoding of the reply', async () => {
    const whole = wholeOf(large)
    const grown = await compress(whole)
    expect(headersOf(whole, zipped, NOW)).toMatchObject({
      etag: `${whole.etag?.slice(0, -1)}-gzip"`,
      'content-encoding': 'gzip',
      'content-length': String(grown),
    })
    expect(headersOf(whole, get, NOW)).toMatchObject({ etag: whole.etag, 'content-length': '1025' })
    expect(headersOf(whole, get, NOW)).not.toHaveProperty('content-encoding')
  })
})

describe('an answer that nobody may keep', () => {
  test('has no tag, is spared by none, and says so', () => {
    const failed = wholeOf('x', { etag: null })
    const reply = replyWith(failed, { ...get, ifNoneMatch: '*' }, NOW)
    expect([reply.status, reply.body]).toEqual([200, failed.octets])
    expect(headersOf(failed, get, NOW)).toMatchObject({ 'cache-control': 'no-store' })
    expect(headersOf(failed, get, NOW)).not.toHaveProperty('etag')
  })
})
