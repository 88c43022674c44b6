import type { Timestamp } from './calendar.ts'
import type { DeliveryId, MessageId, UserId, WebhookId } from './ids.ts'
import { parseInteger } from './text.ts'

/** One page of a list, with a place to go on from. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly hasNext: boolean
  readonly hasPrevious: boolean
}

/** A place in the list of learners, which is in the order of their ids. */
export interface UserPlace {
  readonly id: UserId
}

/** A place in one learner's conversation, which is newest first; messages of one instant by descending id. */
export interface MessagePlace {
  readonly createdAt: Timestamp
  readonly id: MessageId
}

/** A place in the list of webhooks, which is oldest first; those of one instant by ascending id. */
export interface WebhookPlace {
  readonly createdAt: Timestamp
  readonly id: WebhookId
}

/** A place in the list of one webhook's deliveries, which is newest first; those of one instant by descending id. */
export interface DeliveryPlace {
  readonly createdAt: Timestamp
  readonly id: DeliveryId
}

const PAGE_MAX = 100

/** @throws BAD_USER_INPUT naming `first` outside 1–100. */
export const parsePageSize = (first: number): number => parseInteger('first', first, 1, PAGE_MAX)

/** Cuts a page from a list that was read one item longer than asked for. */
export function pageOf<Item>(read: readonly Item[], first: number, after: unknown): Page<Item> {
  return { items: read.slice(0, first), hasNext: read.length > first, hasPrevious: after !== null }
}
