import type { UserId } from '../../../src/domain/ids.ts'

export type Draw<Thing> = () => Thing

/** What a client may want of a learner, in any combination: whole answers rarely serve twice, what they are made of does. */
const PARTS = [
  'firstName username level',
  'nativeLanguage createdAt',
  'settings { timezone character }',
  'settings { voiceSpeed correctionsLevel notificationsEnabled }',
  'stars { total available lifetime }',
  'statsSummary { currentStreak maxStreak totalWords }',
  'dailyStats { messagesCount wordsSaid }',
  'statsRange(days: 7) { date messagesCount correctPercent }',
  'statsRange(days: 30) { date wordsSaid streakDay }',
]

/** The part of the questions that shows messages: those stand in whole answers only. */
const WITH_MESSAGES = 0.1

/** The part of the questions that all clients ask in the same words. */
const SAME_WORDS = 0.4

const PAGE = 'id firstName settings { timezone } stars { total } statsSummary { currentStreak totalMessages }'

/** Most of the time some parts that nobody may have wanted together before; often enough the page that all want. */
export function questionOf(id: UserId, chance: () => number): object {
  const luck = chance()
  if (luck < WITH_MESSAGES) return ask(id, 'id messages(first: 5) { edges { node { text createdAt } } }')
  if (luck < WITH_MESSAGES + SAME_WORDS) return ask(id, PAGE)
  const parts = PARTS.filter(() => chance() < 0.4)
  return ask(id, ['id', ...parts.map((part, index) => aliased(part, index))].join(' '))
}

export const changeOf = (id: UserId, chance: () => number): object => ({
  query: 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }',
  variables: { input: { id: String(id), firstName: `n${Math.floor(chance() * 1e6)}` } },
})

const ask = (id: UserId, selection: string): object => ({
  query: `query ($id: ID!) { user(id: $id) { ${selection} } }`,
  variables: { id: String(id) },
})

/** Parts of one name and other arguments or fields must not meet. */
const aliased = (part: string, index: number): string => (part.includes('(') ? `p${index}: ${part}` : part)
