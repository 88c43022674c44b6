import { parseTimeZone, type TimeZone } from './calendar.ts'
import { badInput } from './error.ts'

export const CONVERSATION_STYLES = ['FRIENDLY', 'TUTOR', 'CASUAL'] as const
export const VOICE_SPEEDS = ['VERY_SLOW', 'SLOW', 'NORMAL', 'NATIVE'] as const
export const CORRECTIONS_LEVELS = ['MINIMAL', 'BALANCED', 'DETAILED'] as const
export const CHARACTERS = ['HONZIK', 'NOVAKOVA'] as const

/** How a learner wants to be taught. */
export interface UserSettings {
  readonly conversationStyle: (typeof CONVERSATION_STYLES)[number]
  readonly voiceSpeed: (typeof VOICE_SPEEDS)[number]
  readonly correctionsLevel: (typeof CORRECTIONS_LEVELS)[number]
  readonly character: (typeof CHARACTERS)[number]
  readonly timezone: TimeZone
  readonly notificationsEnabled: boolean
}

export type SettingsChanges = Partial<UserSettings>

/** What a caller may say of settings: `undefined` leaves one as it is; none can be null. */
export type SettingsInput = {
  readonly [Name in keyof UserSettings]?: (Name extends 'timezone' ? string : UserSettings[Name]) | null | undefined
}

export const defaultSettings: UserSettings = {
  conversationStyle: 'FRIENDLY',
  voiceSpeed: 'NORMAL',
  correctionsLevel: 'BALANCED',
  character: 'HONZIK',
  timezone: parseTimeZone('timezone', 'Europe/Prague'),
  notificationsEnabled: true,
}

/** @throws BAD_USER_INPUT naming the first field that is wrong. */
export function parseSettings(input: SettingsInput): SettingsChanges {
  const { conversationStyle, voiceSpeed, correctionsLevel, character, timezone, notificationsEnabled } = input
  return {
    ...given('conversationStyle', conversationStyle),
    ...given('voiceSpeed', voiceSpeed),
    ...given('correctionsLevel', correctionsLevel),
    ...given('character', character),
    ...given('timezone', typeof timezone === 'string' ? parseTimeZone('timezone', timezone) : timezone),
    ...given('notificationsEnabled', notificationsEnabled),
  }
}

/** The one change named, or none when it was left out. */
function given<Name extends keyof UserSettings>(
  name: Name,
  value: UserSettings[Name] | null | undefined,
): { readonly [N in Name]?: UserSettings[N] } {
  if (value === null) throw badInput(name, 'must not be null; leave it out to keep it as it is.')
  const change: { [N in Name]?: UserSettings[N] } = {}
  if (value !== undefined) change[name] = value
  return change
}
