import type { Question } from './client.ts'
import type { Observation } from './history.ts'
import type { Cast, Ghost, Learner } from './learners.ts'
import type { Random } from './random.ts'
import type { Register } from './register.ts'

/** A query and what its answer says about whom. */
export interface Reading {
  readonly question: Question
  /** For the trace. */
  readonly what: string
  /** Everything that the answer may speak about. */
  readonly registers: readonly Register[]
  observe(data: Readonly<Record<string, unknown>>): Observation[]
}

/** Each field of a learner's that shows one of the registers. */
const FIELDS = [
  'firstName',
  'settings { conversationStyle voiceSpeed correctionsLevel character }',
  'stars { lifetime }',
  'dailyStats { messagesCount }',
  'statsSummary { totalMessages totalWords }',
  'statsRange(days: 3) { messagesCount }',
] as const

export const EVERYTHING = FIELDS.join(' ')

/** Some of the fields; the name more often than not. */
export function someFields(random: Random): string {
  const chosen = FIELDS.filter((field) => random.next() < (field === 'firstName' ? 0.8 : 0.25))
  return chosen.length > 0 ? chosen.join(' ') : FIELDS[0]
}

/** What one answered `User` says about the learner's registers: as much as was asked for. */
export function observed({ profile, settings, practice, stars }: Learner, node: unknown): Observation[] {
  const user = Object(node)
  const seen: Observation[] = []
  const see = (register: Register, value: unknown) => seen.push({ register, value })
  if ('firstName' in user) see(profile, user.firstName)
  if ('settings' in user) see(settings, user.settings)
  if ('stars' in user) see(stars, user.stars?.lifetime)
  if ('dailyStats' in user) see(practice, user.dailyStats?.messagesCount)
  if ('statsSummary' in user) {
    see(practice, user.statsSummary?.totalMessages)
    see(practice, user.statsSummary?.totalWords)
  }
  if ('statsRange' in user) see(practice, user.statsRange?.at(-1)?.messagesCount)
  // An answer without the learner says nothing true about them.
  return seen.length > 0 ? seen : [{ register: profile, value: node }]
}

export const registersOf = ({ profile, settings, practice, stars }: Learner): Register[] => [
  profile,
  settings,
  practice,
  stars,
]

/** Some way to ask about these learners. */
export function askAbout(learners: readonly Learner[], cast: Cast, random: Random): Reading {
  const [first] = learners
  if (first !== undefined && learners.length === 1 && random.next() < 0.2) return askOneself(first, random)
  if (random.next() < 0.05) return askForList(cast, random)
  const parts = learners.map(({ id, telegramId }, index) => {
    const field = random.next() < 0.3 ? `userByTelegramId(telegramId: "${telegramId}")` : `user(id: ${id})`
    return `a${index}: ${field} { ${someFields(random)} }`
  })
  return {
    question: { query: `{ ${parts.join(' ')} }`, token: cast.staff },
    what: parts.join(' '),
    registers: learners.flatMap(registersOf),
    observe: (data) => learners.flatMap((learner, index) => observed(learner, data[`a${index}`])),
  }
}

function askOneself(learner: Learner, random: Random): Reading {
  const query = `{ me { ${someFields(random)} } }`
  return {
    question: { query, token: learner.token },
    what: `${learner.id}: ${query}`,
    registers: registersOf(learner),
    observe: ({ me }) => observed(learner, me),
  }
}

/** The first learners in one list; ghosts are younger. */
function askForList({ learners, staff }: Cast, random: Random): Reading {
  const fields = someFields(random)
  return {
    question: { query: `{ users(first: ${learners.length}) { edges { node { id ${fields} } } } }`, token: staff },
    what: `users { ${fields} }`,
    registers: learners.flatMap(registersOf),
    observe({ users }) {
      const nodes: { id: string }[] = Object(users).edges.map(({ node }: { node: { id: string } }) => node)
      return learners.flatMap((learner) => {
        const node = nodes.find(({ id }) => id === learner.id)
        return observed(learner, node ?? null)
      })
    },
  }
}

/** Everything about one learner. */
export const askEverything = (learner: Learner, { staff }: Pick<Cast, 'staff'>): Reading => ({
  question: { query: `{ user(id: ${learner.id}) { ${EVERYTHING} } }`, token: staff },
  what: `everything about ${learner.id}`,
  registers: registersOf(learner),
  observe: ({ user }) => observed(learner, user),
})

/** Whether somebody is there. */
export const askForGhost = ({ telegramId, existence }: Ghost, { staff }: Pick<Cast, 'staff'>): Reading => ({
  question: { query: `{ ghost: userByTelegramId(telegramId: "${telegramId}") { firstName } }`, token: staff },
  what: `ghost ${telegramId}`,
  registers: [existence],
  observe: ({ ghost }) => [{ register: existence, value: ghost === null ? null : Object(ghost).firstName }],
})
