import type { Answer } from './client.ts'
import type { Ghost, Learner } from './learners.ts'
import type { LiveNode } from './live-node.ts'
import { settingsOf } from './register.ts'
import { observed, someFields } from './shapes.ts'
import { fail, type Trial } from './trial.ts'

/** How a write ended. Only a confirmed one promises anything. */
export type Outcome = 'confirmed' | 'pending' | 'failed'

interface Write {
  readonly what: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  /** Looks at the answer; `promised` is whether it was confirmed. */
  answered(data: Readonly<Record<string, unknown>>, promised: boolean): string
}

/** Sends a change and waits for its acknowledgement, however long that takes. */
async function send(trial: Trial, node: LiveNode, write: Write): Promise<Outcome> {
  const { client, history, cast } = trial
  const operation = history.begin(node.name, write.what)
  history.counts.writes += 1
  try {
    const { query, variables } = write
    const answer = await client.ask(node.url, { query, variables, token: cast.staff })
    const { data, errors } = answer
    if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors ?? data))
    const pending = isPending(answer)
    if (pending) history.counts.pending += 1
    const outcome = pending ? 'pending' : 'confirmed'
    history.end(operation, `${outcome} ${write.answered(data, !pending)}`)
    return outcome
  } catch (error) {
    history.end(operation, `failed: ${error}`)
    fail(trial, node, write.what, error)
    return 'failed'
  }
}

const isPending = ({ extensions }: Answer): boolean => extensions?.cache?.invalidation === 'PENDING'

/** Sets the learner's name to its next number. */
export function rename(trial: Trial, node: LiveNode, learner: Learner): Promise<Outcome> {
  const number = learner.profile.begin()
  const fields = someFields(trial.random)
  const floors = { settings: learner.settings.floor, practice: learner.practice.floor, stars: learner.stars.floor }
  return send(trial, node, {
    what: `${learner.id}: firstName := ${number}`,
    query: `mutation ($input: UpdateUserInput!) { change: updateUser(input: $input) { user { firstName ${fields} } } }`,
    variables: { input: { id: learner.id, firstName: String(number) } },
    answered({ change }, promised) {
      if (promised) learner.profile.confirm(number)
      const { user } = Object(change)
      for (const { register, value } of observed(learner, user)) {
        // The writer's own answer shows at least its own change, and what was acknowledged before.
        const floor = register === learner.profile ? number : floorOf(floors, register.name)
        if (!register.allows(value, floor))
          trial.history.violate('stale', `${register.name}: at least ${floor}, its own writer read ${value}`)
      }
      return JSON.stringify(user)
    },
  })
}

const floorOf = (floors: Readonly<Record<string, number>>, name: string): number =>
  floors[name.split(' ')[0] ?? ''] ?? 0

export function changeSettings(trial: Trial, node: LiveNode, learner: Learner): Promise<Outcome> {
  const number = learner.settings.begin()
  return send(trial, node, {
    what: `${learner.id}: settings := ${number}`,
    query: `mutation ($input: UpdateUserSettingsInput!) { change: updateUserSettings(input: $input) {
      settings { conversationStyle voiceSpeed correctionsLevel character } } }`,
    variables: { input: { userId: learner.id, ...settingsOf(number) } },
    answered({ change }, promised) {
      if (promised) learner.settings.confirm(number)
      const { settings } = Object(change)
      if (!learner.settings.shows(settings, number))
        trial.history.violate(
          'stale',
          `settings ${learner.id}: the writer of ${number} read ${JSON.stringify(settings)}`,
        )
      return JSON.stringify(settings)
    },
  })
}

/** A message of one word: 1 more for the good score, 5 more for the fifth of the day. */
const STARS_AT_MOST = 7

export function practise(trial: Trial, node: LiveNode, learner: Learner): Promise<Outcome> {
  learner.practice.begin()
  learner.stars.begin(STARS_AT_MOST)
  return send(trial, node, {
    what: `${learner.id}: one more message`,
    query: `mutation ($input: RecordActivityInput!) { change: recordActivity(input: $input) {
      dailyStats { messagesCount } stars { lifetime } } }`,
    variables: { input: { userId: learner.id, wordsTotal: 1, correctnessScore: 100 } },
    answered({ change }, promised) {
      const { dailyStats, stars } = Object(change)
      if (promised) {
        learner.practice.confirm(dailyStats.messagesCount)
        learner.stars.confirm(stars.lifetime)
      }
      return JSON.stringify(change)
    },
  })
}

/** Creates the ghost, or deletes it. */
export async function haunt(trial: Trial, node: LiveNode, ghost: Ghost): Promise<Outcome> {
  const { existence, telegramId, id } = ghost
  const number = existence.begin()
  if (number % 2 === 1)
    return send(trial, node, {
      what: `ghost ${telegramId}: created as ${number}`,
      query: 'mutation ($input: CreateUserInput!) { change: createUser(input: $input) { user { id firstName } } }',
      variables: { input: { telegramId, firstName: String(number) } },
      answered({ change }, promised) {
        ghost.id = Object(change).user.id
        if (promised) existence.confirm(number)
        return JSON.stringify(change)
      },
    })
  return send(trial, node, {
    what: `ghost ${telegramId}: deleted as ${number}`,
    query: 'mutation ($input: DeleteUserInput!) { change: deleteUser(input: $input) { deletedId } }',
    variables: { input: { id } },
    answered(data, promised) {
      if (promised) existence.confirm(number)
      return JSON.stringify(data['change'])
    },
  })
}
