import { unavailable } from '../domain/error.ts'
import { parseTelegramId } from '../domain/ids.ts'
import { isLanguageCode } from '../domain/language.ts'
import { isLine } from '../domain/text.ts'
import { NAME_MAX, parseNewUser, type User } from '../domain/user.ts'
import type { Command, IssuedToken, TelegramUser } from './command.ts'

/** Exchanges Telegram's signed init data for a token; creates the learner on first sight. */
export const signInWithTelegram =
  ({ initData }: { readonly initData: string }): Command<IssuedToken & { readonly user: User }> =>
  async ({ users, caches, identity, now }) => {
    const person = identity.verifyTelegram(initData, now)
    const telegramId = parseTelegramId(person.id)
    const known = await users.findByTelegramId(telegramId)
    const made = known ? null : await users.insert(parseNewUser(learnerFrom(person)), now)
    // Without either, someone else inserted the same person since we looked.
    const user = known ?? made ?? (await users.findByTelegramId(telegramId))
    if (user === null) throw unavailable('The learner was deleted while signing in; try again.')
    // Whoever made the learner, perhaps a moment ago, may not have been able to tell the caches that there is one.
    if (made === null) await caches.purge([`user:${user.id}`, `telegram:${telegramId}`])
    return { ...(await identity.issueToken({ role: 'user', id: user.id }, now)), user }
  }

/** Stands for a name of which nothing can be seen: Telegram allows some that we do not. */
const NAMELESS = 'Learner'

function learnerFrom({ id, firstName, username, languageCode }: TelegramUser) {
  const language = languageCode?.split('-')[0]?.toLowerCase() ?? ''
  return {
    telegramId: id,
    firstName: isLine(firstName, NAME_MAX) ? firstName : NAMELESS,
    username: username !== null && isLine(username, NAME_MAX) ? username : null,
    ...(isLanguageCode(language) && { nativeLanguage: language }),
  }
}
