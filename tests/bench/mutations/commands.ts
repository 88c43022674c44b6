import type { Command } from '../../../src/commands/command.ts'
import { recordActivity } from '../../../src/commands/record-activity.ts'
import { updateUser } from '../../../src/commands/update-user.ts'

/** A mutation, as a client sends it and as the server performs it. */
export interface Mutation {
  readonly name: string
  readonly query: string
  /** The input for a learner, another one each turn. */
  input(learner: number, turn: number): Record<string, unknown>
  command(learner: number, turn: number): Command<unknown>
}

const renaming = (learner: number, turn: number) => ({ id: String(learner), firstName: `Žofie ${turn}` })

const practising = (learner: number, turn: number) => ({
  userId: String(learner),
  wordsTotal: (turn % 20) + 1,
  correctnessScore: 90,
})

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'updateUser',
    query: 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id firstName updatedAt } } }',
    input: renaming,
    command: (learner, turn) => updateUser(renaming(learner, turn)),
  },
  {
    name: 'recordActivity',
    query: `mutation ($input: RecordActivityInput!) {
      recordActivity(input: $input) { dailyStats { date messagesCount streakDay } stars { total lifetime } } }`,
    input: practising,
    command: (learner, turn) => recordActivity(practising(learner, turn)),
  },
]
