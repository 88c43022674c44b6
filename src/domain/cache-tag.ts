import { badInput } from './error.ts'
import { isTelegramId, parseUserId, type TelegramId, type UserId } from './ids.ts'

/** The names that things of one learner are filed under, each before the learner's id. */
const LEARNERS = ['user', 'settings', 'stars', 'practice', 'messages', 'replies', 'asked'] as const

/** Those of what models said, each before the digest of what was asked. */
const DIGESTS = ['reply', 'speech', 'transcript'] as const

/** What something is filed under: what the database's triggers note, and answers of models. */
export type CacheTag = { readonly text: string } & (
  | { readonly family: 'users' }
  | { readonly family: 'telegram'; readonly id: TelegramId }
  | { readonly family: (typeof LEARNERS)[number]; readonly id: UserId }
  | { readonly family: (typeof DIGESTS)[number] }
)

const DIGEST = /^[0-9a-f]{64}$/

/** Null for a text that nothing is filed under. */
export function parseCacheTag(text: string): CacheTag | null {
  if (text === 'users') return { text, family: text }
  const [name, rest = '', ...more] = text.split(':')
  if (more.length > 0) return null
  if (name === 'telegram') return isTelegramId(rest) ? { text, family: name, id: rest } : null
  const ofModels = DIGESTS.find((each) => each === name)
  if (ofModels) return DIGEST.test(rest) ? { text, family: ofModels } : null
  const family = LEARNERS.find((each) => each === name)
  const id = parseUserId(rest)
  return family && id !== null ? { text, family, id } : null
}

/** Each of them once. @throws BAD_USER_INPUT naming `tags` */
export function parseCacheTags(texts: readonly string[], most: number): readonly CacheTag[] {
  if (texts.length > most) throw badInput('tags', `must be at most ${most}.`)
  return [...new Set(texts)].map((text) => {
    const tag = parseCacheTag(text)
    if (tag === null) throw badInput('tags', 'must be tags such as user:42, practice:42 or users.')
    return tag
  })
}
