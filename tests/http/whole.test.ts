import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { compressFor, etagOf, needsCompression, replyWith, type Wanting, type Whole } from '../../src/http/whole.ts'

const NOW = 1_800_000_000_000

const wholeOf = (text: string, more: Partial<Whole> = {}): Whole => ({
  operation: null,
  scope: 'PRIVATE',
  bytes: Buffer.from(text),
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
    expect(etagOf(Buffer.from(''))).toMatch(/^[\w-]{27}$/)
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
    const grown = await compressFor(zipped, whole)
    expect(grown).toBe(whole.gzip?.length)
    expect(gunzipSync(whole.gzip ?? '').toString()).toBe(large)
    expect(needsCompression(zipped, whole)).toBe(false)
    const before = whole.gzip
    expect([await compressFor(zipped, whole), whole.gzip]).toEqual([0, before])
  })

  test('is not begun for those who cannot read it', async () => {
    const whole = wholeOf(large)
    expect([await compressFor(get, whole), whole.gzip]).toEqual([0, null])
    const other = wholeOf(small)
    expect([await compressFor(zipped, other), other.gzip]).toEqual([0, null])
  })

  test('shows in the tag, the length and the encoding of the reply', async () => {
    const whole = wholeOf(large)
    await compressFor(zipped, whole)
    expect(headersOf(whole, zipped, NOW)).toMatchObject({
      etag: `"${whole.etag}-gzip"`,
      'content-encoding': 'gzip',
      'content-length': String(whole.gzip?.length),
    })
    expect(headersOf(whole, get, NOW)).toMatchObject({ etag: `"${whole.etag}"`, 'content-length': '1025' })
    expect(headersOf(whole, get, NOW)).not.toHaveProperty('content-encoding')
  })
})

describe('an answer that nobody may keep', () => {
  test('has no tag, is spared by none, and says so', () => {
    const failed = wholeOf('x', { etag: null })
    const reply = replyWith(failed, { ...get, ifNoneMatch: '*' }, NOW)
    expect([reply.status, reply.body]).toEqual([200, failed.bytes])
    expect(headersOf(failed, get, NOW)).toMatchObject({ 'cache-control': 'no-store' })
    expect(headersOf(failed, get, NOW)).not.toHaveProperty('etag')
  })
})
