import { describe, expect, test } from 'vitest'
import {
  CHARACTERS,
  CONVERSATION_STYLES,
  CORRECTIONS_LEVELS,
  defaultSettings,
  parseSettings,
  type SettingsInput,
  VOICE_SPEEDS,
} from '../../src/domain/settings.ts'
import { badInputOn } from '../support/refusals.ts'

test('a learner starts with a friendly, informal Honzík in Prague', () => {
  expect(defaultSettings).toEqual({
    conversationStyle: 'FRIENDLY',
    voiceSpeed: 'NORMAL',
    correctionsLevel: 'BALANCED',
    character: 'HONZIK',
    timezone: 'Europe/Prague',
    notificationsEnabled: true,
  })
})

test('the choices are those that callers were promised', () => {
  expect(CONVERSATION_STYLES).toEqual(['FRIENDLY', 'TUTOR', 'CASUAL'])
  expect(VOICE_SPEEDS).toEqual(['VERY_SLOW', 'SLOW', 'NORMAL', 'NATIVE'])
  expect(CORRECTIONS_LEVELS).toEqual(['MINIMAL', 'BALANCED', 'DETAILED'])
  expect(CHARACTERS).toEqual(['HONZIK', 'NOVAKOVA'])
})

describe('changed settings', () => {
  const every: Required<SettingsInput> = {
    conversationStyle: 'TUTOR',
    voiceSpeed: 'VERY_SLOW',
    correctionsLevel: 'DETAILED',
    character: 'NOVAKOVA',
    timezone: 'america/new_york',
    notificationsEnabled: false,
  }
  const names = Object.keys(every).filter((name): name is keyof SettingsInput => name in every)

  test('are exactly those that were given, the zone in its usual spelling', () => {
    expect(parseSettings(every)).toEqual({ ...every, timezone: 'America/New_York' })
    expect(names).toHaveLength(6)
  })

  test.each(names)('may be %s alone', (name) => {
    const changes = parseSettings({ [name]: every[name] })
    expect(Object.keys(changes)).toEqual([name])
  })

  test('left out or undefined stay out, so that nothing is overwritten', () => {
    expect(Object.keys(parseSettings({}))).toEqual([])
    expect(Object.keys(parseSettings(Object.fromEntries(names.map((name) => [name, undefined]))))).toEqual([])
  })

  test.each(names)('are refused when %s is null', (name) => {
    expect(() => parseSettings({ ...every, [name]: null })).toThrow(badInputOn(name))
    expect(() => parseSettings({ ...every, [name]: null })).toThrow('must not be null')
  })

  test.each(['+02:00', '', 'Praha'])('are refused with the zone %j', (timezone) => {
    expect(() => parseSettings({ timezone })).toThrow(badInputOn('timezone'))
  })
})
