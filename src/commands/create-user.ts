import { HonzikError } from '../domain/error.ts'
import { type NewUserInput, parseNewUser, type User } from '../domain/user.ts'
import { requireStaff } from '../domain/viewer.ts'
import type { Command } from './command.ts'

/** Creates a learner. For staff. Throws CONFLICT naming `telegramId` when it is taken. */
export const createUser =
  (input: NewUserInput): Command<User> =>
  async ({ users, viewer, now }) => {
    requireStaff(viewer)
    const created = await users.insert(parseNewUser(input), now)
    if (created === null)
      throw new HonzikError('CONFLICT', 'telegramId belongs to another learner.', { field: 'telegramId' })
    return created
  }
