import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createTokens } from '../../src/auth/tokens.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { ROLES, type SignedIn } from '../../src/domain/viewer.ts'
import { NOW, TEST_SECRET } from '../support/test-app.ts'

const tokens = createTokens(TEST_SECRET)
const seconds = NOW.epochMilliseconds / 1000
const DAY = 24 * 60 * 60

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token made by hand, without the library that the server reads it with. */
function forge(claims: Record<string, unknown>, header: Record<string, unknown> = {}, secret = TEST_SECRET): string {
  const signed = `${base64url({ alg: 'HS256', typ: 'JWT', ...header })}.${base64url(claims)}`
  const hash = header['alg'] === 'HS512' ? 'sha512' : 'sha256'
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`
}

const good = { sub: '7', role: 'user', exp: seconds + 60 }
const { sub: _, ...withoutSub } = good
const { exp: __, ...withoutExp } = good
const unsigned = `${base64url({ alg: 'none' })}.${base64url(good)}.`

const read = (token: string, at = NOW) => tokens.read(`Bearer ${token}`, at)
const refusedWith = (reason: string) => ({ role: 'nobody', refused: expect.stringContaining(reason) })

describe('a token that this server issued', () => {
  test.each<SignedIn>([
    ...ROLES.map((role) => ({ role, id: userIdFromRow(7) })),
    { role: 'staff', id: null },
    { role: 'admin', id: null },
  ])('makes its bearer %j again', async (subject) => {
    const { token } = await tokens.issue(subject, NOW)
    expect(await read(token)).toEqual(subject)
  })

  test('is good for 24 hours to the second, and says until when', async () => {
    const { token, expiresAt } = await tokens.issue(
      { role: 'user', id: userIdFromRow(7) },
      NOW.add({ milliseconds: 600 }),
    )
    expect(expiresAt).toBe('2026-11-24T08:30:00.000Z')
    expect(await read(token, NOW.add({ hours: 24 }).subtract({ milliseconds: 1 }))).toEqual({ role: 'user', id: 7 })
    expect(await read(token, NOW.add({ hours: 24 }))).toEqual(refusedWith('has expired'))
  })

  test('says who, what and when in the claims that callers were promised', async () => {
    const { token } = await tokens.issue({ role: 'staff', id: userIdFromRow(7) }, NOW)
    const [header = '', claims = ''] = token.split('.')
    const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
    expect(decoded(header)).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(decoded(claims)).toEqual({ sub: '7', role: 'staff', iat: seconds, exp: seconds + DAY })
  })

  test('does not count on a server with another secret', async () => {
    const { token } = await createTokens('another secret of at least 32 bytes').issue({ role: 'admin', id: null }, NOW)
    expect(await read(token)).toEqual(refusedWith('is not valid'))
  })
})

describe('a token made elsewhere with our secret', () => {
  test.each<[why: string, claims: Record<string, unknown>]>([
    ['a learner', good],
    ['24 hours ahead', { ...good, exp: seconds + DAY }],
    ['24 hours ahead by a clock that is 30 seconds fast', { ...good, exp: seconds + DAY + 30 }],
    ['one second from its end', { ...good, exp: seconds + 1 }],
    ['without a type in its header', good],
  ])('counts: %s', async (_why, claims) => {
    expect(await read(forge(claims, { typ: undefined }))).toEqual({ role: 'user', id: 7 })
  })

  test('may be of staff who are no learners', async () => {
    expect(await read(forge({ ...good, sub: 'operator', role: 'staff' }))).toEqual({ role: 'staff', id: null })
  })
})

describe('a proof', () => {
  test('holds until the token expires, to the second in which it does', async () => {
    const token = forge(good)
    const proof = await tokens.prove(`Bearer ${token}`, NOW)
    const until = NOW.add({ seconds: 60 })
    expect(proof).toEqual({ viewer: { role: 'user', id: 7 }, until: until.epochMilliseconds })
    expect(await read(token, until.subtract({ milliseconds: 1 }))).toEqual({ role: 'user', id: 7 })
    expect(await read(token, until)).toEqual(refusedWith('has expired'))
  })

  test('of one issued here holds as long as its bearer was told', async () => {
    const { token, expiresAt } = await tokens.issue({ role: 'staff', id: null }, NOW)
    const { until } = await tokens.prove(`Bearer ${token}`, NOW.add({ hours: 1 }))
    expect(until).toBe(Temporal.Instant.from(expiresAt).epochMilliseconds)
  })

  test.each<[why: string, header: string | undefined]>([
    ['no header', undefined],
    ['an empty one', ''],
    ['another scheme', 'Basic x'],
    ['a token that is not valid', `Bearer ${forge(good, {}, 'another secret of at least 32 bytes')}`],
    ['a token that has expired', `Bearer ${forge({ ...good, exp: seconds })}`],
    ['a token that is not yet good', `Bearer ${forge({ ...good, nbf: seconds + 30 })}`],
    ['a token that lives too long', `Bearer ${forge({ ...good, exp: seconds + DAY + 31 })}`],
    ['a token of nobody known', `Bearer ${forge({ ...good, role: 'root' })}`],
  ])('is nothing to remember with %s', async (_why, header) => {
    expect(await tokens.prove(header, NOW)).toMatchObject({ viewer: { role: 'nobody' }, until: null })
  })
})

describe('a token that does not count', () => {
  test.each<[why: string, token: string, reason: string]>([
    ['expired this second', forge({ ...good, exp: seconds }), 'has expired'],
    ['expired long ago', forge({ ...good, exp: 1 }), 'has expired'],
    ['without exp', forge(withoutExp), 'is not valid'],
    ['with exp as text', forge({ ...good, exp: String(seconds + 60) }), 'is not valid'],
    ['more than 24 hours ahead', forge({ ...good, exp: seconds + DAY + 31 }), 'lives longer than 24 hours'],
    ['for ever', forge({ ...good, exp: 99_999_999_999 }), 'lives longer than 24 hours'],
    ['of staff for ever', forge({ ...good, role: 'admin', exp: 99_999_999_999 }), 'lives longer than 24 hours'],
    ['not yet begun', forge({ ...good, nbf: seconds + 60 }), 'is not valid'],
    ['without sub', forge(withoutSub), 'is not valid'],
    ['with an empty sub', forge({ ...good, sub: '' }), 'names no learner'],
    ['with a sub that is no id', forge({ ...good, sub: 'ada' }), 'names no learner'],
    ['with a sub in another form', forge({ ...good, sub: '07' }), 'names no learner'],
    ['without a role', forge({ sub: '7', exp: good.exp }), 'names no known role'],
    ['with an unknown role', forge({ ...good, role: 'root' }), 'names no known role'],
    ['with the role of nobody', forge({ ...good, role: 'nobody' }), 'names no known role'],
    ['with a role in capitals', forge({ ...good, role: 'ADMIN' }), 'names no known role'],
    ['with several roles', forge({ ...good, role: ['user', 'admin'] }), 'names no known role'],
    ['signed with another secret', forge(good, {}, 'another secret of at least 32 bytes'), 'is not valid'],
    ['signed with no secret', forge(good, {}, ''), 'is not valid'],
    ['without a signature', unsigned, 'is not valid'],
    ['signed, but declared as unsigned', forge(good, { alg: 'none' }), 'is not valid'],
    ['declared as RS256', forge(good, { alg: 'RS256' }), 'is not valid'],
    ['rightly signed, but with HS512', forge(good, { alg: 'HS512' }), 'is not valid'],
    ['with an extension that we do not know', forge(good, { crit: ['expert'], expert: true }), 'is not valid'],
    ['of two parts', forge(good).split('.').slice(0, 2).join('.'), 'is not valid'],
    ['of garbage', 'garbage', 'is not valid'],
    ['of garbage in three parts', 'a.b.c', 'is not valid'],
  ])('is one %s', async (_why, token, reason) => {
    expect(await read(token)).toEqual(refusedWith(reason))
  })

  test('is one whose claims were changed after signing', async () => {
    const [header, , signature] = forge(good).split('.')
    const token = `${header}.${base64url({ ...good, role: 'admin' })}.${signature}`
    expect(await read(token)).toEqual(refusedWith('is not valid'))
  })

  test('is one whose signature lost a character or got another', async () => {
    const token = forge(good)
    const changed = token.at(-10) === 'A' ? 'B' : 'A'
    expect(await read(token.slice(0, -1))).toEqual(refusedWith('is not valid'))
    expect(await read(`${token.slice(0, -10)}${changed}${token.slice(-9)}`)).toEqual(refusedWith('is not valid'))
  })

  test('is not repeated in the reason', async () => {
    const token = forge({ ...good, role: 'root' })
    const viewer = await read(token)
    expect(JSON.stringify(viewer)).not.toMatch(/root|eyJ/)
  })
})

describe('an Authorization header', () => {
  test.each([undefined, ''])('that is missing, as %j, is nobody’s and needs no explanation', async (header) => {
    expect(await tokens.read(header, NOW)).toEqual({ role: 'nobody', refused: null })
  })

  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('may say %s', async (scheme) => {
    expect(await tokens.read(`${scheme} ${forge(good)}`, NOW)).toEqual({ role: 'user', id: 7 })
    expect(await tokens.read(`${scheme}  ${forge(good)}`, NOW)).toEqual({ role: 'user', id: 7 })
  })

  test.each([
    ['a token alone', forge(good)],
    ['another scheme', `Basic ${forge(good)}`],
    ['no token', 'Bearer '],
    ['the scheme alone', 'Bearer'],
    ['no space', `Bearer${forge(good)}`],
    ['two tokens', `Bearer ${forge(good)} ${forge(good)}`],
    ['two headers joined', `Bearer ${forge(good)}, Bearer ${forge(good)}`],
    ['something before it', `x Bearer ${forge(good)}`],
  ])('is refused with the right form when it has %s', async (_why, header) => {
    expect(await tokens.read(header, NOW)).toEqual(refusedWith('must be "Bearer <token>"'))
  })
})
