import type { CalendarDate } from './calendar.ts'
import type { UserId } from './ids.ts'

/** Tokens of one call of a model. */
export interface Tokens {
  /** Of the request, those that the model had cached included. */
  readonly tokensIn: number
  /** Of the request, those that the model had cached. */
  readonly tokensCached: number
  readonly tokensOut: number
}

/** USD for a million tokens. */
export interface Price {
  readonly in: number
  readonly cached: number
  readonly out: number
}

const MILLION = 1_000_000

/** What a call cost, in USD; null when either is not known, which is not the same as nothing. */
export function costOf(tokens: Tokens | null, price: Price | null): number | null {
  if (tokens === null || price === null) return null
  const { tokensIn, tokensCached, tokensOut } = tokens
  return ((tokensIn - tokensCached) * price.in + tokensCached * price.cached + tokensOut * price.out) / MILLION
}

/** A learner's day, in their own time zone. */
export interface LearnerDay {
  readonly userId: UserId
  readonly date: CalendarDate
}

/** What one learner's questions to models came to on one day of theirs. */
export interface UsageDay extends Tokens {
  readonly date: CalendarDate
  /** Calls of a model. */
  readonly calls: number
  /** Null when the price of one of the calls is not known. */
  readonly usdSpent: number | null
  /** Answers that had been paid for before. */
  readonly recalled: number
  /** What those would have cost; null when the price of one of them is not known. */
  readonly usdSaved: number | null
}

/** A day on which no model was asked. */
export const noUsage = (date: CalendarDate): UsageDay => ({
  date,
  calls: 0,
  tokensIn: 0,
  tokensCached: 0,
  tokensOut: 0,
  usdSpent: 0,
  recalled: 0,
  usdSaved: 0,
})
