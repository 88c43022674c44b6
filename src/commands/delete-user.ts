import { notFound } from '../domain/error.ts'
import { parseUserId, type UserId } from '../domain/ids.ts'
import { requireAccess } from '../domain/viewer.ts'
import type { Command } from './command.ts'

/** Deletes a learner with everything of theirs. */
export const deleteUser =
  ({ id }: { readonly id: string }): Command<UserId> =>
  async ({ users, viewer }) => {
    const learner = requireAccess(viewer, parseUserId(id))
    if (!(await users.delete(learner))) throw notFound('learner')
    return learner
  }
