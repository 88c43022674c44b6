import { notFound } from '../domain/error.ts'
import { parseUserId } from '../domain/ids.ts'
import { parseSettings, type SettingsInput, type UserSettings } from '../domain/settings.ts'
import type { User } from '../domain/user.ts'
import { requireAccess } from '../domain/viewer.ts'
import type { Command } from './command.ts'

export type UpdateUserSettingsInput = SettingsInput & { readonly userId: string }

/** Changes how a learner wants to be taught. */
export const updateUserSettings =
  ({ userId, ...settingsInput }: UpdateUserSettingsInput): Command<{ settings: UserSettings; user: User }> =>
  async ({ users, settings, viewer }) => {
    const learner = requireAccess(viewer, parseUserId(userId))
    const updated = await settings.update(learner, parseSettings(settingsInput))
    const user = updated && (await users.find(learner))
    if (!updated || !user) throw notFound('learner')
    return { settings: updated, user }
  }
