import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import { LEVELS, type NewUserInput, type ProfileInput, parseNewUser, parseProfile } from '../../src/domain/user.ts'
import { badInputOn } from '../support/refusals.ts'

const jan: NewUserInput = { telegramId: '9223372036854775807', firstName: ' Jan ' }

test('the levels are those that callers were promised', () => {
  expect(LEVELS).toEqual(['BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'NATIVE'])
})

describe('a new learner', () => {
  const defaults = {
    telegramId: '9223372036854775807',
    firstName: 'Jan',
    username: null,
    nativeLanguage: 'en',
    level: 'BEGINNER',
    settings: defaultSettings,
  }

  test('is made from a Telegram id and a name, with defaults for the rest', () => {
    expect(parseNewUser(jan)).toEqual(defaults)
  })

  test('is made with defaults where null was given', () => {
    const nulls = { username: null, nativeLanguage: null, level: null }
    expect(parseNewUser({ ...jan, ...nulls, settings: null })).toEqual(defaults)
    expect(parseNewUser({ ...jan, settings: { timezone: null, character: null, voiceSpeed: null } })).toEqual(defaults)
  })

  test('is made as described', () => {
    const made = parseNewUser({
      ...jan,
      username: ' jan_novak ',
      nativeLanguage: 'uk',
      level: 'ADVANCED',
      settings: { timezone: 'europe/kyiv', notificationsEnabled: false },
    })
    expect(made).toEqual({
      ...defaults,
      username: 'jan_novak',
      nativeLanguage: 'uk',
      level: 'ADVANCED',
      settings: { ...defaultSettings, timezone: 'Europe/Kyiv', notificationsEnabled: false },
    })
  })

  test.each<[field: string, change: Partial<NewUserInput>]>([
    ['telegramId', { telegramId: '0' }],
    ['telegramId', { telegramId: '9223372036854775808' }],
    ['firstName', { firstName: ' ' }],
    ['firstName', { firstName: 'a'.repeat(65) }],
    ['username', { username: '' }],
    ['username', { username: '\0' }],
    ['nativeLanguage', { nativeLanguage: 'english' }],
    ['timezone', { settings: { timezone: '+01:00' } }],
  ])('is refused by the name of the wrong field: %s in %j', (field, change) => {
    expect(() => parseNewUser({ ...jan, ...change })).toThrow(badInputOn(field))
  })
})

describe('a changed profile', () => {
  test('has exactly what was given', () => {
    const changes: ProfileInput = { firstName: ' Eva ', username: ' eva ', nativeLanguage: 'sk', level: 'NATIVE' }
    expect(parseProfile(changes)).toEqual({ firstName: 'Eva', username: 'eva', nativeLanguage: 'sk', level: 'NATIVE' })
    expect(Object.keys(parseProfile({ level: 'NATIVE' }))).toEqual(['level'])
    expect(Object.keys(parseProfile({}))).toEqual([])
    const undefineds = { firstName: undefined, username: undefined, nativeLanguage: undefined, level: undefined }
    expect(Object.keys(parseProfile(undefineds))).toEqual([])
  })

  test('may be without a user name', () => {
    expect(parseProfile({ username: null })).toEqual({ username: null })
  })

  test.each(['firstName', 'nativeLanguage', 'level'])('is refused when %s is null', (field) => {
    expect(() => parseProfile({ [field]: null })).toThrow(badInputOn(field))
    expect(() => parseProfile({ [field]: null })).toThrow('leave it out to keep it as it is')
  })

  test('takes names of 64 characters and refuses longer ones', () => {
    const longest = '🦊'.repeat(64)
    expect(parseProfile({ firstName: longest, username: longest })).toEqual({ firstName: longest, username: longest })
    expect(() => parseProfile({ firstName: `${longest}a` })).toThrow(badInputOn('firstName'))
    expect(() => parseProfile({ username: `${longest}a` })).toThrow(badInputOn('username'))
  })

  test('is refused with a language that ISO 639-1 does not have', () => {
    expect(() => parseProfile({ nativeLanguage: 'EN' })).toThrow(badInputOn('nativeLanguage'))
  })
})
