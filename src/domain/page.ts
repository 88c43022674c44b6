import type { Timestamp } from './calendar.ts'
import type { MessageId, UserId } from './ids.ts'
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

const PAGE_MAX = 100

/** @throws BAD_USER_INPUT naming `first` outside 1–100. */
export const parsePageSize = (first: number): number => parseInteger('first', first, 1, PAGE_MAX)

/** Cuts a page from a list that was read one item longer than asked for. */
export function pageOf<Item>(read: readonly Item[], first: number, after: unknown): Page<Item> {
  return { items: read.slice(0, first), hasNext: read.length > first, hasPrevious: after !== null }
}
