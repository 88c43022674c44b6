/** What the product's pages ask, and what they are called in the server's log. */
export interface Question {
  readonly name: string
  readonly operation: string
  readonly query: string
  /** What the predecessor claimed of it, in milliseconds. */
  readonly claimed: { readonly uncached: string; readonly cached: string }
}

export const USER_LOOKUP: Question = {
  name: 'user lookup',
  operation: 'UserLookup',
  query: `query UserLookup($id: ID!) {
    user(id: $id) { id telegramId username firstName nativeLanguage level createdAt updatedAt }
  }`,
  claimed: { uncached: '50–100', cached: '5–10' },
}

export const STATS_SUMMARY: Question = {
  name: 'stats summary',
  operation: 'StatsSummary',
  query: `query StatsSummary($id: ID!) {
    user(id: $id) {
      statsSummary { currentStreak maxStreak totalMessages totalWords averageCorrectness }
      dailyStats { ...day }
      statsRange(days: 7) { ...day }
    }
  }
  fragment day on DailyStats { date messagesCount wordsSaid correctPercent streakDay }`,
  claimed: { uncached: '100–200', cached: '10–20' },
}

export const QUESTIONS: readonly Question[] = [USER_LOOKUP, STATS_SUMMARY]

export const CLAIMED_LESS_LOAD = '70 %'
