import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { verifyInitData } from '../../src/auth/telegram.ts'
import { badInputOn, refusal } from '../support/refusals.ts'
import { NOW } from '../support/test-app.ts'

const BOT_TOKEN = '123456:a-token-for-tests'
const nowSeconds = NOW.epochMilliseconds / 1000
const jan = { id: 279_058_397, first_name: 'Jan', last_name: 'Novák', username: 'jan_novak', language_code: 'cs' }

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

const inForm = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

/** What Telegram would sign: every field but the hash, in the order of their names. */
const hashOf = (fields: Record<string, string>, botToken: string) => {
  const lines = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
  return hmac(hmac('WebAppData', botToken), lines.join('\n')).toString('hex')
}

const fieldsOf = (user: unknown = jan, authDate: number | string = nowSeconds): Record<string, string> => ({
  query_id: 'AAHdF6IQAAAAAN0XohDhrOrc',
  user: typeof user === 'string' ? user : JSON.stringify(user),
  auth_date: String(authDate),
})

const signed = (fields: Record<string, string>, botToken = BOT_TOKEN) =>
  inForm({ ...fields, hash: hashOf(fields, botToken) })

const verify = (initData: string, now = NOW) => verifyInitData(BOT_TOKEN, initData, now)

describe('init data that Telegram signed', () => {
  test('says who opened the app', () => {
    expect(verify(signed(fieldsOf()))).toEqual({
      id: '279058397',
      firstName: 'Jan',
      username: 'jan_novak',
      languageCode: 'cs',
    })
  })

  test('may be of a person without a user name and a language', () => {
    const user = { id: 1, first_name: 'Eva' }
    expect(verify(signed(fieldsOf(user)))).toEqual({ id: '1', firstName: 'Eva', username: null, languageCode: null })
    const odd = { ...user, username: 5, language_code: null }
    expect(verify(signed(fieldsOf(odd)))).toEqual({ id: '1', firstName: 'Eva', username: null, languageCode: null })
  })

  test('counts with fields that came later, such as `signature`, which are signed like the others', () => {
    const fields = { ...fieldsOf(), signature: 'zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe', chat_type: 'sender' }
    expect(verify(signed(fields)).id).toBe('279058397')
  })

  test('counts whatever the order of its fields', () => {
    const fields = fieldsOf()
    const turned = Object.fromEntries(Object.entries({ ...fields, hash: hashOf(fields, BOT_TOKEN) }).reverse())
    expect(verify(inForm(turned)).id).toBe('279058397')
  })

  test('counts by the published rule: the same hash was made with another program', () => {
    // python3: hmac.new(hmac.new(b'WebAppData', token, 'sha256').digest(), lines, 'sha256').hexdigest()
    const hash = '7997d59c0b5e26d059465fa96e2279400aef3585f524a80d7164871a0ff14bc8'
    const initData = `user=%7B%22id%22%3A1%2C%22first_name%22%3A%22Eva%22%7D&auth_date=${nowSeconds}&hash=${hash}`
    expect(verify(initData).firstName).toBe('Eva')
  })
})

describe('init data that anyone has touched', () => {
  const fields = fieldsOf()
  const hash = hashOf(fields, BOT_TOKEN)

  test.each<[what: string, changed: Record<string, string>]>([
    ['another person', { ...fields, user: JSON.stringify({ ...jan, id: 1 }) }],
    ['a later time', { ...fields, auth_date: String(nowSeconds + 1) }],
    ['another query', { ...fields, query_id: 'AAHdF6IQAAAAAN0XohDhrOrd' }],
    ['one field more', { ...fields, start_param: 'x' }],
    ['one field less', { user: fields['user'] ?? '', auth_date: fields['auth_date'] ?? '' }],
    ['nothing but a hash', {}],
  ])('is nobody’s with %s', (_what, changed) => {
    expect(() => verify(inForm({ ...changed, hash }))).toThrow(refusal('UNAUTHENTICATED', 'initData'))
    expect(() => verify(inForm({ ...changed, hash }))).toThrow('is not signed by Telegram for this bot')
  })

  test('is nobody’s when any digit of the hash is another', () => {
    for (const [place, digit] of [...hash].entries()) {
      const turned = hash.slice(0, place) + (digit === '0' ? '1' : '0') + hash.slice(place + 1)
      expect(() => verify(inForm({ ...fields, hash: turned }))).toThrow(refusal('UNAUTHENTICATED', 'initData'))
    }
  })

  test('is nobody’s when it was signed for another bot', () => {
    expect(() => verify(signed(fields, '654321:another-bot'))).toThrow(refusal('UNAUTHENTICATED', 'initData'))
  })

  test.each([
    ['without a hash', inForm(fields)],
    ['with an empty hash', inForm({ ...fields, hash: '' })],
    ['with a hash cut short', inForm({ ...fields, hash: hash.slice(0, 62) })],
    ['with a hash that is too long', inForm({ ...fields, hash: `${hash}00` })],
    ['with a hash that is no hexadecimal', inForm({ ...fields, hash: 'g'.repeat(64) })],
    ['that is empty', ''],
    ['that is garbage', 'garbage'],
    ['with a name that comes twice', `${signed(fields)}&user=${encodeURIComponent('{"id":1,"first_name":"Eva"}')}`],
    ['with two hashes', `${signed(fields)}&hash=${hash}`],
  ])('is bad input %s', (_why, initData) => {
    expect(() => verify(initData)).toThrow(badInputOn('initData'))
  })

  test('is bad input when a name that comes twice was even signed', () => {
    const lines = ['auth_date', 'user', 'user'].map((name) => `${name}=${fields[name]}`)
    const twice = hmac(hmac('WebAppData', BOT_TOKEN), lines.join('\n')).toString('hex')
    const user = `user=${encodeURIComponent(fields['user'] ?? '')}`
    expect(() => verify(`auth_date=${nowSeconds}&${user}&${user}&hash=${twice}`)).toThrow(badInputOn('initData'))
  })
})

describe('signed init data', () => {
  const signedAt = (authDate: number | string) => signed(fieldsOf(jan, authDate))

  test.each([0, 1, 24 * 60 * 60])('counts when it is %i seconds old', (age) => {
    expect(verify(signedAt(nowSeconds - age)).firstName).toBe('Jan')
  })

  test('counts when Telegram’s clock is 30 seconds ahead of ours', () => {
    expect(verify(signedAt(nowSeconds + 30)).firstName).toBe('Jan')
  })

  test.each([
    ['24 hours and a second old', nowSeconds - 24 * 60 * 60 - 1],
    ['years old', 1],
    ['31 seconds from the future', nowSeconds + 31],
    ['years from the future', nowSeconds * 2],
    ['of no time', 'yesterday'],
    ['of an infinite time', '-Infinity'],
    ['of an empty time', ''],
  ])('does not count when it is %s', (_why, authDate) => {
    expect(() => verify(signedAt(authDate))).toThrow(refusal('UNAUTHENTICATED', 'initData'))
    expect(() => verify(signedAt(authDate))).toThrow('open the app again')
  })

  test('does not count a millisecond after its 24 hours, nor without a time', () => {
    const later = NOW.add({ hours: 24, milliseconds: 1 })
    expect(() => verify(signedAt(nowSeconds), later)).toThrow(refusal('UNAUTHENTICATED', 'initData'))
    const timeless = signed({ user: JSON.stringify(jan) })
    expect(() => verify(timeless)).toThrow(refusal('UNAUTHENTICATED', 'initData'))
  })

  test.each<[what: string, user: unknown]>([
    ['that is no JSON', '{'],
    ['that is empty', ''],
    ['that is null', 'null'],
    ['that is a number', '7'],
    ['that is a list', '[]'],
    ['without an id', { first_name: 'Eva' }],
    ['without a first name', { id: 1 }],
    ['with an id as text', { id: '1', first_name: 'Eva' }],
    ['with an id that is no integer', { id: 1.5, first_name: 'Eva' }],
    ['with an id that lost its last digits', '{"id":9007199254740993,"first_name":"Eva"}'],
    ['with a first name that is no text', { id: 1, first_name: 5 }],
  ])('is bad input with a person %s', (_what, user) => {
    expect(() => verify(signed(fieldsOf(user)))).toThrow(badInputOn('initData'))
  })

  test('is bad input without a person', () => {
    expect(() => verify(signed({ auth_date: String(nowSeconds) }))).toThrow(badInputOn('initData'))
  })
})

test('without a bot token nobody can sign in with Telegram', () => {
  expect(() => verifyInitData(null, signed(fieldsOf()), NOW)).toThrow(refusal('SERVICE_UNAVAILABLE'))
})
