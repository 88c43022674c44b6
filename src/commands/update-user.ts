import { notFound } from '../domain/error.ts'
import { parseUserId } from '../domain/ids.ts'
import { type ProfileInput, parseProfile, type User } from '../domain/user.ts'
import { requireAccess } from '../domain/viewer.ts'
import type { Command } from './command.ts'

export interface UpdateUserInput extends ProfileInput {
  readonly id: string
}

/** Changes a learner's profile. */
export const updateUser =
  ({ id, ...profile }: UpdateUserInput): Command<User> =>
  async ({ users, viewer, now }) => {
    const learner = requireAccess(viewer, parseUserId(id))
    const updated = await users.update(learner, parseProfile(profile), now)
    if (updated === null) throw notFound('learner')
    return updated
  }
