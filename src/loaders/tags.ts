import type { Tag } from '../cache/shared-store.ts'

/** Everything that is cached by kind, in the order in which it is told; `response` stands for whole answers. */
export const POLICY_NAMES = [
  'response',
  'profile',
  'telegramId',
  'settings',
  'stars',
  'practice',
  'reply',
  'transcript',
  'speech',
] as const

/** Which policy files things under the tags that begin so. Others are filed under by whole answers only. */
const POLICY_OF = new Map<string, string>([
  ['user', 'profile'],
  ['telegram', 'telegramId'],
  ['settings', 'settings'],
  ['stars', 'stars'],
  ['practice', 'practice'],
  ['reply', 'reply'],
  ['replies', 'reply'],
  ['transcript', 'transcript'],
  ['speech', 'speech'],
])

const ENTITIES = ['profile', 'telegramId', 'settings', 'stars', 'practice']

/** The policies of which something is filed under a tag; `*` is everything that comes from the database. */
export function policiesOf(tag: Tag): readonly string[] {
  if (tag === '*') return ENTITIES
  const policy = POLICY_OF.get(tag.slice(0, Math.max(0, tag.indexOf(':'))))
  return policy === undefined ? [] : [policy]
}
