import type { Timestamp } from '../domain/calendar.ts'
import type { SignedIn, Viewer } from '../domain/viewer.ts'
import type { Transaction } from './unit-of-work.ts'

/** What a command works with: the repositories of its transaction, who asks, and the time. */
export interface Unit extends Transaction {
  readonly viewer: Viewer
  /** One instant for the whole command. */
  readonly now: Temporal.Instant
  readonly identity: Identity
}

/** One use case: loads, decides, saves. Transaction, acknowledgement and invalidation happen around it. */
export type Command<Result> = (unit: Unit) => Promise<Result>

/** Issues tokens and checks Telegram's. */
export interface Identity {
  issueToken(subject: SignedIn, now: Temporal.Instant): Promise<IssuedToken>
  /**
   * @throws UNAUTHENTICATED for a wrong signature or one older than 24 hours, BAD_USER_INPUT naming `initData`
   * for something else than init data, SERVICE_UNAVAILABLE without a configured bot
   */
  verifyTelegram(initData: string, now: Temporal.Instant): TelegramUser
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Timestamp
}

/** The person that Telegram vouches for. */
export interface TelegramUser {
  readonly id: string
  readonly firstName: string
  readonly username: string | null
  /** An IETF language tag such as `pt-BR`. */
  readonly languageCode: string | null
}
