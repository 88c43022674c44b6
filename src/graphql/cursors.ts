import type { Timestamp } from '../domain/calendar.ts'
import { badInput } from '../domain/error.ts'
import {
  messageIdFromRow,
  parseDeliveryId,
  parseUserId,
  parseWebhookId,
  type UserId,
  type WebhookId,
} from '../domain/ids.ts'
import type { DeliveryPlace, MessagePlace, UserPlace, WebhookPlace } from '../domain/page.ts'

/*
 * A cursor names its list as well as the place in it, so that one from elsewhere is an error and not a wrong page.
 * It is opaque to callers and no secret: it says nothing that its page did not.
 */

export const userCursor = ({ id }: UserPlace): string => seal(`users:${id}`)

export const messageCursor = (owner: UserId, { createdAt, id }: MessagePlace): string =>
  seal(`messages:${owner}:${Date.parse(createdAt)}:${id}`)

export const webhookCursor = ({ createdAt, id }: WebhookPlace): string =>
  seal(`webhooks:${Date.parse(createdAt)}:${id}`)

export const deliveryCursor = (webhook: WebhookId, { createdAt, id }: DeliveryPlace): string =>
  seal(`deliveries:${webhook}:${Date.parse(createdAt)}:${id}`)

/** @throws BAD_USER_INPUT naming `after` for anything but a cursor of the list of learners. */
export function parseUserCursor(after: string | null | undefined): UserPlace | null {
  if (after === null || after === undefined) return null
  const id = parseUserId(/^users:(\d+)$/.exec(unseal(after))?.[1] ?? '')
  if (id === null) throw foreign()
  return { id }
}

/** @throws BAD_USER_INPUT naming `after` for anything but a cursor of this learner's conversation. */
export function parseMessageCursor(owner: UserId, after: string | null | undefined): MessagePlace | null {
  if (after === null || after === undefined) return null
  const [, of, at = '', id = ''] = /^messages:(\d+):(\d{1,14}):(\d{1,16})$/.exec(unseal(after)) ?? []
  if (of !== String(owner) || !Number.isSafeInteger(Number(id))) throw foreign()
  return { createdAt: instantIn(at), id: messageIdFromRow(Number(id)) }
}

/** @throws BAD_USER_INPUT naming `after` for anything but a cursor of the list of webhooks. */
export function parseWebhookCursor(after: string | null | undefined): WebhookPlace | null {
  if (after === null || after === undefined) return null
  const [, at = '', text = ''] = /^webhooks:(\d{1,14}):([0-9a-f-]+)$/.exec(unseal(after)) ?? []
  const id = parseWebhookId(text)
  if (id === null) throw foreign()
  return { createdAt: instantIn(at), id }
}

/** @throws BAD_USER_INPUT naming `after` for anything but a cursor of this webhook's deliveries. */
export function parseDeliveryCursor(webhook: WebhookId, after: string | null | undefined): DeliveryPlace | null {
  if (after === null || after === undefined) return null
  const [, of, at = '', text = ''] = /^deliveries:([0-9a-f-]+):(\d{1,14}):([0-9a-f-]+)$/.exec(unseal(after)) ?? []
  const id = parseDeliveryId(text)
  if (of !== webhook || id === null) throw foreign()
  return { createdAt: instantIn(at), id }
}

const instantIn = (milliseconds: string): Timestamp => new Date(Number(milliseconds)).toISOString() as Timestamp

const foreign = () => badInput('after', 'must be a cursor of this very list.')

const seal = (place: string): string => Buffer.from(place).toString('base64url')

const unseal = (cursor: string): string => Buffer.from(cursor, 'base64url').toString()
