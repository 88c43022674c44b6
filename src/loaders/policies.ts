import { type TProperties, Type } from 'typebox'
import type { MemoPolicy } from '../cache/memo.ts'
import type { Policy } from '../cache/policy.ts'
import type { Tag } from '../cache/shared-store.ts'
import { millisecondsToMidnight } from '../domain/calendar.ts'
import type { TelegramId, UserId } from '../domain/ids.ts'
import type { Practice } from '../domain/practice.ts'
import { AUDIO_FORMATS, type AudioFormat } from '../domain/recording.ts'
import { NEW_WORDS_MAX } from '../domain/reply.ts'
import {
  CHARACTERS,
  CONVERSATION_STYLES,
  CORRECTIONS_LEVELS,
  type UserSettings,
  VOICE_SPEEDS,
} from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import { LEVELS, type User } from '../domain/user.ts'
import type { Answer } from '../replies/tutor.ts'
import type { Heard, Spoken } from '../replies/voice.ts'
import { checkedBy, decodeFailure, encodeFailure } from './checked.ts'

/** Seconds that cached values live at most. */
export interface CacheTtls {
  readonly user: number
  readonly stats: number
  readonly other: number
}

/** Seconds that "there is no such thing" lives at most. */
const ABSENT_TTL_S = 30

const count = Type.Integer({ minimum: 0 })
const text = Type.String()
const oneOf = (names: readonly string[]) => Type.Union(names.map((name) => Type.Literal(name)))
/** A thing with these properties and no others. */
const exactly = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

const id = Type.Integer({ minimum: 1 })

const profile = exactly({
  id,
  telegramId: text,
  username: Type.Union([text, Type.Null()]),
  firstName: text,
  nativeLanguage: text,
  level: oneOf(LEVELS),
  createdAt: text,
  updatedAt: text,
})

const settings = exactly({
  conversationStyle: oneOf(CONVERSATION_STYLES),
  voiceSpeed: oneOf(VOICE_SPEEDS),
  correctionsLevel: oneOf(CORRECTIONS_LEVELS),
  character: oneOf(CHARACTERS),
  timezone: text,
  notificationsEnabled: Type.Boolean(),
})

const stars = exactly({ total: count, available: count, lifetime: count })

const practice = exactly({
  recentDays: Type.Array(
    Type.Object({ date: text, messagesCount: count, wordsSaid: count, scoredWords: count, streakDay: count }),
  ),
  totalMessages: count,
  totalWords: count,
  scoredWords: count,
  maxStreak: count,
  timezone: text,
})

const reply = exactly({
  reply: text,
  correctedText: text,
  mistakes: Type.Array(exactly({ original: text, corrected: text, explanation: text })),
  correctnessScore: Type.Integer({ minimum: 0, maximum: 100 }),
  suggestion: text,
  newWords: Type.Array(exactly({ czech: text, translation: text, example: text }), { maxItems: NEW_WORDS_MAX }),
  engine: Type.Literal('OPENAI'),
  model: text,
})

const answer = exactly({
  reply,
  tokens: Type.Union([exactly({ tokensIn: count, tokensCached: count, tokensOut: count }), Type.Null()]),
  usd: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
})

/**
 * Everything of Honzík's that is cached: its tag, which is also its key, how long it lives, and how it is read back.
 * Which change makes which tag stale is told by the triggers in `drizzle/0001_cache_invalidation.sql`.
 * A shape that changes gets a higher version: values of other releases are then no values.
 */
export const policiesFor = (ttl: CacheTtls) => ({
  profile: {
    ...lasting('profile', ttl.user),
    tagOf: (userId: UserId) => `user:${userId}`,
    decode: checkedBy<User>(profile),
  } satisfies Policy<UserId, User>,

  telegramId: {
    ...lasting('telegramId', ttl.user),
    tagOf: (telegramId: TelegramId) => `telegram:${telegramId}`,
    decode: checkedBy<UserId>(id),
  } satisfies Policy<TelegramId, UserId>,

  settings: {
    ...lasting('settings', ttl.user),
    tagOf: (userId: UserId) => `settings:${userId}`,
    decode: checkedBy<UserSettings>(settings),
  } satisfies Policy<UserId, UserSettings>,

  stars: {
    ...lasting('stars', ttl.other),
    tagOf: (userId: UserId) => `stars:${userId}`,
    decode: checkedBy<Stars>(stars),
  } satisfies Policy<UserId, Stars>,

  practice: {
    ...lasting('practice', ttl.stats),
    tagOf: (userId: UserId) => `practice:${userId}`,
    ttlMs: ({ timezone }: Practice, now: number) =>
      Math.min(ttl.stats * 1000, millisecondsToMidnight(Temporal.Instant.fromEpochMilliseconds(now), timezone)),
    decode: checkedBy<Practice>(practice),
  } satisfies Policy<UserId, Practice>,
})

/**
 * What is read past every cache, and stands in whole responses only: under which tag, and how long at most.
 */
export const listPoliciesFor = (ttl: CacheTtls) => ({
  messages: { tagOf: (userId: UserId): Tag => `messages:${userId}`, ttlMs: ttl.other * 1000 },
  /** Days that are older than those of the entry for {@link policiesFor} practice. */
  practiceDays: { tagOf: (userId: UserId): Tag => `practice:${userId}`, ttlMs: ttl.stats * 1000 },
  /** Which learners there are; each has a tag of their own besides. */
  users: { tagOf: (_: null): Tag => 'users', ttlMs: ttl.user * 1000 },
})

/** How a list is filed that belongs to somebody, or to nobody. @see listPoliciesFor */
export interface ListPolicy<Owner> {
  readonly tagOf: (owner: Owner) => Tag
  /** Milliseconds that a response with it lives at most. */
  readonly ttlMs: number
}

/**
 * The model's answers, under `reply:` and what was asked, or, where history went into them, under `replies:` and the
 * learner's id. They never change, so nothing makes them stale; deleting the learner removes those of that learner.
 * @param ttlSeconds that an answer lives
 */
export const replyPolicyFor = (ttlSeconds: number): MemoPolicy<Answer> => ({
  name: 'reply',
  ttlMs: ttlSeconds * 1000,
  version: 1,
  decode: checkedBy<Answer>(answer),
  encodeFailure,
  decodeFailure,
})

/**
 * What was heard in recordings, under `transcript:` and the digest of everything that decides it. Deleting the learner
 * removes it.
 * @param ttlSeconds that it lives
 */
export const transcriptPolicyFor = (ttlSeconds: number): MemoPolicy<Heard> => ({
  name: 'transcript',
  ttlMs: ttlSeconds * 1000,
  version: 1,
  decode: checkedBy<Heard>(Type.Object({ text: Type.String(), usd: Type.Union([Type.Number(), Type.Null()]) })),
  encodeFailure,
  decodeFailure,
})

/** Seconds that speech is remembered: 30 days. */
const SPEECH_TTL_S = 30 * 86_400

/**
 * What texts sound like, under `speech:` and the digest of everything that decides it, stored as its bytes. Deleting the
 * learner whose message it is removes it.
 */
export const speechPolicy: MemoPolicy<Spoken> = {
  name: 'speech',
  ttlMs: SPEECH_TTL_S * 1000,
  version: 1,
  decode: () => {
    throw new TypeError('speech is stored as bytes')
  },
  bytes: {
    // The rest of what is known, then the audio as it is.
    write: ({ audio, format, usd }) => Buffer.concat([Buffer.from(`${format} ${usd ?? '-'}\n`), audio]),
    read(bytes) {
      const end = bytes.indexOf(0x0a)
      const [name, cost = ''] = bytes.subarray(0, end).toString().split(' ')
      const usd = cost === '-' ? null : Number(cost)
      if (end < 0 || Number.isNaN(usd)) throw new TypeError('not a speech')
      return { audio: bytes.subarray(end + 1), format: formatNamed(name), usd }
    },
  },
  encodeFailure,
  decodeFailure,
}

function formatNamed(name: string | undefined): AudioFormat {
  const format = AUDIO_FORMATS.find((known) => known === name)
  if (format === undefined) throw new TypeError('not a format of audio')
  return format
}

/** What lives as long as its variable says; "there is none" at most {@link ABSENT_TTL_S}. */
const lasting = (name: string, ttlSeconds: number) => ({
  name,
  ttlMs: () => ttlSeconds * 1000,
  absentTtlMs: Math.min(ABSENT_TTL_S, ttlSeconds) * 1000,
  version: 1,
})
