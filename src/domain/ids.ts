import { badInput } from './error.ts'

declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** A learner's id: a positive integer, at most 2^53 − 1. */
export type UserId = Branded<number, 'UserId'>

/** A message's id: a positive integer, at most 2^53 − 1. */
export type MessageId = Branded<number, 'MessageId'>

/** A job's id: a UUID in lower case. */
export type JobId = Branded<string, 'JobId'>

/** A webhook's id: a UUID in lower case. */
export type WebhookId = Branded<string, 'WebhookId'>

/** The id of a delivery of a webhook, and what its receiver knows repeats by: a UUID in lower case. */
export type DeliveryId = Branded<string, 'DeliveryId'>

/** A Telegram id, 1 to 2^63 − 1, in decimal digits: a JavaScript number would lose the last ones. */
export type TelegramId = Branded<string, 'TelegramId'>

const CANONICAL_INTEGER = /^[1-9][0-9]*$/
const MAX_INT64 = 2n ** 63n - 1n

/**
 * Reads an id as a caller wrote it; null for anything that is not the canonical form of one.
 * A malformed id names nobody, so callers answer `NOT_FOUND` and not `BAD_USER_INPUT`.
 */
export const parseUserId = (text: string): UserId | null => parseId(text) as UserId | null

/** The same for a message's id. */
export const parseMessageId = (text: string): MessageId | null => parseId(text) as MessageId | null

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The same for a job's id. */
export const parseJobId = (text: string): JobId | null => (UUID.test(text) ? (text as JobId) : null)

/** The same for a webhook's id. */
export const parseWebhookId = (text: string): WebhookId | null => (UUID.test(text) ? (text as WebhookId) : null)

/** The same for a delivery's id. */
export const parseDeliveryId = (text: string): DeliveryId | null => (UUID.test(text) ? (text as DeliveryId) : null)

function parseId(text: string): number | null {
  if (!CANONICAL_INTEGER.test(text)) return null
  const id = Number(text)
  return Number.isSafeInteger(id) ? id : null
}

/** Vouches for an id that comes from our own database. */
export const userIdFromRow = (id: number): UserId => id as UserId

/** Vouches for an id that comes from our own database. */
export const messageIdFromRow = (id: number): MessageId => id as MessageId

/** Vouches for an id that comes from our own database. */
export const jobIdFromRow = (id: string): JobId => id as JobId

/** Vouches for an id that comes from our own database. */
export const webhookIdFromRow = (id: string): WebhookId => id as WebhookId

/** Vouches for an id that comes from our own database. */
export const deliveryIdFromRow = (id: string): DeliveryId => id as DeliveryId

/** @throws BAD_USER_INPUT naming `telegramId` when it is no integer from 1 to 2^63 − 1. */
export function parseTelegramId(text: string): TelegramId {
  if (!isTelegramId(text)) throw badInput('telegramId', 'must be an integer from 1 to 2^63 − 1.')
  return text
}

/** Whether a text is the canonical form of one. */
export const isTelegramId = (text: string): text is TelegramId =>
  CANONICAL_INTEGER.test(text) && BigInt(text) <= MAX_INT64

/** Vouches for an id that comes from our own database. */
export const telegramIdFromRow = (id: string): TelegramId => id as TelegramId
