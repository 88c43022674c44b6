import type { Timestamp } from './calendar.ts'
import { badInput } from './error.ts'
import { parseTelegramId, type TelegramId, type UserId } from './ids.ts'
import { type LanguageCode, parseLanguage } from './language.ts'
import { defaultSettings, parseSettings, type SettingsInput, type UserSettings } from './settings.ts'
import { parseLine } from './text.ts'

export const LEVELS = ['BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'NATIVE'] as const
export type Level = (typeof LEVELS)[number]

/** A learner. */
export interface User {
  readonly id: UserId
  readonly telegramId: TelegramId
  readonly username: string | null
  readonly firstName: string
  readonly nativeLanguage: LanguageCode
  readonly level: Level
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
}

/** The part of a profile that its owner may change. */
export type ProfileChanges = Partial<Pick<User, 'username' | 'firstName' | 'nativeLanguage' | 'level'>>

/** Everything a learner is made from. */
export interface NewUser {
  readonly telegramId: TelegramId
  readonly firstName: string
  readonly username: string | null
  readonly nativeLanguage: LanguageCode
  readonly level: Level
  readonly settings: UserSettings
}

/** What a caller may say of a profile. `undefined` leaves a field as it is; null is a value of its own. */
export interface ProfileInput {
  readonly firstName?: string | null | undefined
  readonly username?: string | null | undefined
  readonly nativeLanguage?: string | null | undefined
  readonly level?: Level | null | undefined
}

export interface NewUserInput extends ProfileInput {
  readonly telegramId: string
  readonly firstName: string
  readonly settings?: SettingsInput | null | undefined
}

/** As long as Telegram lets a first name and a user name be. */
export const NAME_MAX = 64
const DEFAULT_LANGUAGE = parseLanguage('nativeLanguage', 'en')
const DEFAULT_LEVEL: Level = 'BEGINNER'

/** @throws BAD_USER_INPUT naming the first field that is wrong. */
export function parseNewUser(input: NewUserInput): NewUser {
  const { settings, level, ...profile } = input
  const parsed = parseProfile({
    ...profile,
    nativeLanguage: profile.nativeLanguage ?? undefined,
    level: level ?? undefined,
  })
  return {
    telegramId: parseTelegramId(input.telegramId),
    firstName: parseLine('firstName', input.firstName, NAME_MAX),
    username: parsed.username ?? null,
    nativeLanguage: parsed.nativeLanguage ?? DEFAULT_LANGUAGE,
    level: parsed.level ?? DEFAULT_LEVEL,
    settings: { ...defaultSettings, ...parseSettings(withoutNulls(settings ?? {})) },
  }
}

/** @throws BAD_USER_INPUT naming the first field that is wrong. */
export function parseProfile(input: ProfileInput): ProfileChanges {
  const { firstName, username, nativeLanguage, level } = input
  return {
    ...(firstName !== undefined && { firstName: parseLine('firstName', required('firstName', firstName), NAME_MAX) }),
    ...(username !== undefined && { username: username === null ? null : parseLine('username', username, NAME_MAX) }),
    ...(nativeLanguage !== undefined && {
      nativeLanguage: parseLanguage('nativeLanguage', required('nativeLanguage', nativeLanguage)),
    }),
    ...(level !== undefined && { level: required('level', level) }),
  }
}

/** @throws BAD_USER_INPUT: null would erase something that every learner has. */
export function required<T>(field: string, value: T | null): T {
  if (value === null) throw badInput(field, 'must not be null; leave it out to keep it as it is.')
  return value
}

/** When something is made, null and left out mean the same: the default. */
const withoutNulls = (input: SettingsInput): SettingsInput =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
