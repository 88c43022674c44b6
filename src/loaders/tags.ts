import type { Tag } from '../cache/shared-store.ts'
import type { CacheTag } from '../domain/cache-tag.ts'

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

type PolicyName = (typeof POLICY_NAMES)[number]

/** Which policy files things under the tags of a family. Null for those that only whole answers are filed under. */
const POLICY_OF: Readonly<Record<CacheTag['family'], PolicyName | null>> = {
  user: 'profile',
  telegram: 'telegramId',
  settings: 'settings',
  stars: 'stars',
  practice: 'practice',
  reply: 'reply',
  replies: 'reply',
  transcript: 'transcript',
  speech: 'speech',
  users: null,
  messages: null,
  asked: null,
}

const POLICIES = new Map<string, PolicyName | null>(Object.entries(POLICY_OF))

const ENTITIES: readonly PolicyName[] = ['profile', 'telegramId', 'settings', 'stars', 'practice']

/** The policies of which something is filed under a tag; `*` is everything that comes from the database. */
export function policiesOf(tag: Tag): readonly PolicyName[] {
  if (tag === '*') return ENTITIES
  const policy = POLICIES.get(tag.slice(0, Math.max(0, tag.indexOf(':'))))
  return policy ? [policy] : []
}
