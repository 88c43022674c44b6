import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestEmbedded } from '../support/databases.ts'
import { BOT_TOKEN, createLearner, signedInitData } from '../support/people.ts'
import { at, NOW, startTestApp, TEST_SECRET, type TestApp } from '../support/test-app.ts'

let app: TestApp
let staff: string
let id: number

beforeAll(async () => {
  app = await startTestApp({ openDatabase: openTestEmbedded }, { telegramBotToken: BOT_TOKEN })
  staff = await app.tokenOf('staff', 999_999)
})
afterAll(() => app[Symbol.asyncDispose]())
beforeEach(async () => {
  id = await createLearner(app)
})

const create = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }'
const update = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }'
const settings = 'mutation ($input: UpdateUserSettingsInput!) { updateUserSettings(input: $input) { user { id } } }'
const activity = 'mutation ($input: RecordActivityInput!) { recordActivity(input: $input) { stars { total } } }'
const signIn = 'mutation ($input: SignInWithTelegramInput!) { signInWithTelegram(input: $input) { token } }'

const person = (changes: Record<string, unknown>) => ({ telegramId: '77', firstName: 'Eva', ...changes })
const practice = (changes: Record<string, unknown>) => ({ wordsTotal: 5, correctnessScore: 80, ...changes })
const ahead = (hours: number) => NOW.add({ minutes: hours * 60 }).toString()

type Case = readonly [what: string, field: string, document: string, input: Record<string, unknown>]

/** Each is BAD_USER_INPUT, named by its field, whether it comes in a variable or in the document. */
const CASES: readonly Case[] = [
  ['an unknown time zone', 'timezone', settings, { timezone: 'Europe/Praha' }],
  ['an offset for a time zone', 'timezone', settings, { timezone: '+02:00' }],
  ['null for a setting', 'timezone', settings, { timezone: null }],
  ['a setting that is none', 'character', settings, { character: 'KARKULKA' }],
  ['an unknown level', 'level', update, { level: 'GENIUS' }],
  ['null for a name', 'firstName', update, { firstName: null }],
  ['an empty name', 'firstName', update, { firstName: '  \n ' }],
  ['a name of 65 characters', 'firstName', update, { firstName: 'á'.repeat(65) }],
  ['a NUL character', 'firstName', update, { firstName: 'A\0da' }],
  ['half a surrogate pair', 'username', update, { username: 'a\ud800b' }],
  ['an unknown language', 'nativeLanguage', update, { nativeLanguage: 'xx' }],
  ['a language that is a word', 'nativeLanguage', create, person({ nativeLanguage: 'czech' })],
  ['a Telegram id past 2^63', 'telegramId', create, person({ telegramId: '9223372036854775808' })],
  ['a Telegram id of zero', 'telegramId', create, person({ telegramId: 0 })],
  ['a negative Telegram id', 'telegramId', create, person({ telegramId: '-5' })],
  ['a Telegram id that is a word', 'telegramId', create, person({ telegramId: 'me' })],
  ['a time zone inside settings', 'timezone', create, person({ settings: { timezone: 'Mars/Base' } })],
  ['fewer words than none', 'wordsTotal', activity, practice({ wordsTotal: -1 })],
  ['more words than anyone says', 'wordsTotal', activity, practice({ wordsTotal: 10_001 })],
  ['a score above 100', 'correctnessScore', activity, practice({ correctnessScore: 101 })],
  ['a score that is no integer', 'correctnessScore', activity, practice({ correctnessScore: 1.5 })],
  ['practice in the future', 'occurredAt', activity, practice({ occurredAt: ahead(1) })],
  ['practice of three days ago', 'occurredAt', activity, practice({ occurredAt: ahead(-72) })],
  ['a moment that is none', 'occurredAt', activity, practice({ occurredAt: 'yesterday' })],
  ['an empty idempotency key', 'idempotencyKey', activity, practice({ idempotencyKey: '' })],
  ['an idempotency key with NUL', 'idempotencyKey', activity, practice({ idempotencyKey: 'a\0' })],
  ['init data that is none', 'initData', signIn, { initData: 'hello' }],
]

const withTarget = (document: string, input: Record<string, unknown>) => ({
  ...(document === update && { id: String(id) }),
  ...((document === settings || document === activity) && { userId: String(id) }),
  ...input,
})

describe('bad input', () => {
  test.each(CASES)('%s names %s', async (_, field, document, input) => {
    const answer = await app.ask(document, { input: withTarget(document, input) }, staff)
    expect(answer.errors).toHaveLength(1)
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field })
    expect(answer.errors?.[0]?.message).toContain(field)
  })

  test.each([
    ['days: 0', 'statsRange(days: 0) { date }', 'days'],
    ['days: 367', 'statsRange(days: 367) { date }', 'days'],
    ['first: 0', 'messages(first: 0) { edges { cursor } }', 'first'],
    ['first: 101', 'messages(first: 101) { edges { cursor } }', 'first'],
    ['a made-up cursor', 'messages(after: "abc") { edges { cursor } }', 'after'],
    ['an empty cursor', 'messages(after: "") { edges { cursor } }', 'after'],
    ["another list's cursor", 'messages(after: "dXNlcnM6MQ") { edges { cursor } }', 'after'],
    ['the year zero', 'dailyStats(date: "0000-01-01") { date }', 'date'],
  ])('%s in a field names its argument', async (_, selection, field) => {
    const answer = await app.ask(`{ user(id: ${id}) { ${selection} } }`, {}, staff)
    expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field }])
  })

  test.each([
    [
      'an enum value in the document',
      `mutation { updateUser(input: { id: 1, level: GENIUS }) { user { id } } }`,
      'level',
    ],
    ['a date in the document', `{ me { dailyStats(date: "2026-02-30") { date } } }`, 'date'],
    ['an unknown input field', `mutation { updateUser(input: { id: 1, age: 3 }) { user { id } } }`, 'age'],
    ['a fraction for an integer', `{ users(first: 1.5) { edges { cursor } } }`, 'first'],
  ])('%s is a validation error that names its field', async (_, document, field) => {
    const answer = await app.ask(document, {}, staff)
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED', field })
  })

  test.each(['0', '-1', '1.0', 'abc', '1e3', '٣', '99999999999999999999', '', 'null', "1'; drop table users; --"])(
    'the id %j is nobody',
    async (text) => {
      const answer = await app.ask('query ($id: ID!) { user(id: $id) { id } }', { id: text }, staff)
      expect(answer).toMatchObject({ data: { user: null }, errors: [{ extensions: { code: 'NOT_FOUND' } }] })
    },
  )

  test.each(['users(first: $n) { edges { cursor } }', 'me { messages(first: $n) { edges { cursor } } }'])(
    'a null variable where null may not be names its argument: %s',
    async (selection) => {
      const admin = await app.tokenOf('admin', id)
      const answer = await app.ask(`query ($n: Int) { ${selection} }`, { n: null }, admin)
      expect(at(answer, 'errors', 0, 'extensions')).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
    },
  )

  test('a number too big for JSON is refused, because its last digits are gone', async () => {
    const body = `{"query":${JSON.stringify(create)},"variables":{"input":{"telegramId":9007199254740993,"firstName":"E"}}}`
    const answer = await (await app.post(body, { authorization: `Bearer ${staff}` })).json()
    expect(at(answer, 'errors', 0, 'extensions')).toEqual({ code: 'BAD_USER_INPUT', field: 'telegramId' })
  })

  test('the largest Telegram id goes in and comes out whole', async () => {
    const answer = await app.ask(
      `mutation { createUser(input: { telegramId: 9223372036854775807, firstName: "Max" }) { user { telegramId } } }`,
      {},
      staff,
    )
    expect(answer).toEqual({ data: { createUser: { user: { telegramId: '9223372036854775807' } } } })
  })

  test('a taken Telegram id is a conflict', async () => {
    await app.ask(create, { input: person({ telegramId: '4242' }) }, staff)
    const answer = await app.ask(create, { input: person({ telegramId: '4242' }) }, staff)
    expect(at(answer, 'errors', 0, 'extensions')).toEqual({ code: 'CONFLICT', field: 'telegramId' })
  })

  test('an idempotency key used for something else is a conflict, and nothing is counted', async () => {
    const input = { userId: id, ...practice({ idempotencyKey: 'k' }) }
    await app.ask(activity, { input }, staff)
    const answer = await app.ask(activity, { input: { ...input, wordsTotal: 6 } }, staff)
    expect(at(answer, 'errors', 0, 'extensions')).toEqual({ code: 'CONFLICT', field: 'idempotencyKey' })
    const after = await app.ask(`{ user(id: ${id}) { dailyStats { messagesCount wordsSaid } } }`, {}, staff)
    expect(after.data).toEqual({ user: { dailyStats: { messagesCount: 1, wordsSaid: 5 } } })
  })
})

describe('tokens that do not count', () => {
  const key = new TextEncoder().encode(TEST_SECRET)
  const now = Math.floor(NOW.epochMilliseconds / 1000)
  const signed = (claims: Record<string, unknown>, secret = key) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)

  const TOKENS: Record<string, () => string | Promise<string>> = {
    'an expired one': () => signed({ sub: '1', role: 'admin', exp: now - 1 }),
    'a forged one': () => signed({ sub: '1', role: 'admin', exp: now + 60 }, new TextEncoder().encode('x'.repeat(32))),
    'one with alg none': () => new UnsecuredJWT({ sub: '1', role: 'admin', exp: now + 60 }).encode(),
    'one without an end': () => signed({ sub: '1', role: 'admin' }),
    'one for a week': () => signed({ sub: '1', role: 'admin', exp: now + 7 * 86_400 }),
    'one without a role': () => signed({ sub: '1', exp: now + 60 }),
    'one with a made-up role': () => signed({ sub: '1', role: 'root', exp: now + 60 }),
    'one that is no token': () => 'hello',
  }

  test.each(Object.entries(TOKENS))('%s is UNAUTHENTICATED', async (_, make) => {
    const answer = await app.ask('{ me { id } health { version } }', {}, await make())
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED'])
    expect(answer.errors?.[0]?.message).toContain('Authorization')
    // What is public stays so: an app with a stale token must be able to sign in again.
    expect(at(answer, 'data', 'health', 'version')).toMatch(/^\d+\.\d+\.\d+$/)
  })

  test('init data that Telegram did not sign, or signed long ago, is UNAUTHENTICATED', async () => {
    const good = signedInitData({ id: 5, first_name: 'Eva' })
    const old = signedInitData({ id: 5, first_name: 'Eva' }, NOW.subtract({ hours: 25 }))
    for (const initData of [good.replace('Eva', 'Ida'), old]) {
      const answer = await app.ask(signIn, { input: { initData } })
      expect(at(answer, 'errors', 0, 'extensions')).toEqual({ code: 'UNAUTHENTICATED', field: 'initData' })
    }
    expect(at(await app.ask(signIn, { input: { initData: good } }), 'data', 'signInWithTelegram', 'token')).toBeTypeOf(
      'string',
    )
  })
})
