import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { createL1, type L1 } from '../../src/cache/l1.ts'
import { Familiar } from '../../src/http/familiar.ts'
import { NOBODY } from '../../src/http/viewers.ts'
import type { Visit } from '../../src/http/visit.ts'

const BEGAN = 1_800_000_000_000

let now: number
let l1: L1
let familiar: Familiar

beforeEach(() => {
  now = BEGAN
  l1 = createL1({ maxBytes: 100_000, began: BEGAN })
  familiar = new Familiar(l1.shelf(), () => now)
})

interface Asking {
  /** A body, or an address when it begins like one. */
  readonly asked?: string
  readonly token?: string | undefined
  readonly type?: Visit['type']
  readonly headers?: Record<string, string>
  /** Until the token holds. */
  readonly until?: number
}

function visitOf({
  asked = '{"query":"{ me { id } }"}',
  token,
  type = 'application/json',
  headers,
  until = BEGAN + 60_000,
}: Asking = {}): Visit {
  const request = new IncomingMessage(new Socket())
  const isUrl = asked.startsWith('/')
  request.url = isUrl ? asked : '/graphql'
  Object.assign(request.headers, headers, token !== undefined && { authorization: token })
  return {
    ...{ request, response: new ServerResponse(request), id: 'x', arrived: 0, statements: { count: 0 } },
    ...{ type, body: isUrl ? null : Buffer.from(asked), limitHeaders: [] },
    viewer: token === undefined ? NOBODY : { ...NOBODY, label: token, authorization: token, until },
  }
}

const keyOf = (asking?: Asking) => familiar.recognise(visitOf(asking))?.key

describe('a request', () => {
  test('is recognised when it was answered before, with who asked it', () => {
    expect(keyOf({ token: 'a' })).toBeUndefined()
    const visit = visitOf({ token: 'a' })
    familiar.remember(visit, 'k', 0)
    expect(familiar.recognise(visitOf({ token: 'a' }))).toMatchObject({ key: 'k', viewer: visit.viewer })
  })

  test.each<[string, Asking]>([
    ['another body', { asked: '{"query":"{ me { id } } "}' }],
    ['an address', { asked: '/graphql?query={me{id}}' }],
    ['another token', { token: 'b' }],
    ['no token', { token: undefined }],
    ['another type of answer', { type: 'application/graphql-response+json' }],
    ['the wish for everything anew', { headers: { 'cache-control': 'no-cache' } }],
    ['the wish for nothing from caches', { headers: { 'cache-control': 'no-store' } }],
  ])('is another one with %s', (_, other) => {
    familiar.remember(visitOf({ token: 'a' }), 'k', 0)
    expect(keyOf({ token: 'a', ...other })).toBeUndefined()
    familiar.remember(visitOf({ token: 'a', ...other }), 'other', 0)
    expect(keyOf({ token: 'a' })).toBe('k')
  })

  test('in an address is recognised as one in a body is', () => {
    familiar.remember(visitOf({ asked: '/graphql?query={a}' }), 'k', 0)
    expect([keyOf({ asked: '/graphql?query={a}' }), keyOf({ asked: '/graphql?query={b}' })]).toEqual(['k', undefined])
  })

  test('of more than 8 kB is not recognised', () => {
    for (const length of [8_192, 8_193]) familiar.remember(visitOf({ asked: 'x'.repeat(length) }), 'k', 0)
    expect([keyOf({ asked: 'x'.repeat(8_192) }), keyOf({ asked: 'x'.repeat(8_193) })]).toEqual(['k', undefined])
  })

  test('with letters of several bytes is recognised by its bytes', () => {
    const [written, other] = ['{"a":"žluťoučký"}', '{"a":"žluťoučkž"}']
    familiar.remember(visitOf({ asked: written }), 'k', 0)
    expect([keyOf({ asked: written }), keyOf({ asked: other })]).toEqual(['k', undefined])
  })
})

describe('what is remembered', () => {
  test('is good for as long as the token is, and not in that very millisecond', () => {
    familiar.remember(visitOf({ token: 'a' }), 'k', 0)
    now = BEGAN + 59_999
    expect(keyOf({ token: 'a' })).toBe('k')
    now = BEGAN + 60_000
    expect(keyOf({ token: 'a' })).toBeUndefined()
  })

  test('is nothing for a token that proves nothing', () => {
    familiar.remember(visitOf({ token: 'a', until: Number.NEGATIVE_INFINITY }), 'k', 0)
    expect([keyOf({ token: 'a' }), l1.bytes]).toEqual([undefined, 0])
  })

  test('counts as what memory keeps, and is forgotten for what comes later', () => {
    familiar.remember(visitOf(), 'key', 0)
    expect(l1.bytes).toBeGreaterThan('{"query":"{ me { id } }"}key'.length)
    for (let n = 0; n < 1_000; n += 1) familiar.remember(visitOf({ asked: `{"query":"{ n${n} }"}` }), 'k', 0)
    expect(keyOf()).toBeUndefined()
    expect(l1.bytes).toBeLessThanOrEqual(100_000)
  })

  test('of two requests with one checksum is the later one, and neither is taken for the other', () => {
    // The same CRC-32, found by trying.
    const [one, other] = ['plumless', 'buckeroo']
    familiar.remember(visitOf({ asked: one }), 'one', 0)
    expect([keyOf({ asked: one }), keyOf({ asked: other })]).toEqual(['one', undefined])
    familiar.remember(visitOf({ asked: other }), 'other', 0)
    expect([keyOf({ asked: one }), keyOf({ asked: other })]).toEqual([undefined, 'other'])
  })

  test('is never taken for another, whatever is asked by whom', () => {
    const asking = fc.record({
      asked: fc.oneof(
        fc.string({ maxLength: 3 }),
        fc.constantFrom('/graphql?a', '/graphql?b', '{}', 'plumless', 'buckeroo'),
      ),
      token: fc.option(fc.constantFrom('a', 'b', 'Bearer plumless', 'Bearer buckeroo'), { nil: undefined }),
      type: fc.constantFrom<Visit['type']>('application/json', 'application/graphql-response+json'),
    })
    fc.assert(
      fc.property(fc.array(asking, { maxLength: 30 }), (all) => {
        for (const each of all) familiar.remember(visitOf(each), JSON.stringify(each), 0)
        for (const each of all) expect([undefined, JSON.stringify(each)]).toContain(keyOf(each))
      }),
    )
  })
})
