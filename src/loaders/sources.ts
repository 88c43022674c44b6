import type { Cache } from '../cache/cache.ts'
import { crowded } from '../cache/crowded.ts'
import { gathered } from '../cache/gathered.ts'
import type { Kind } from '../cache/kind.ts'
import type { TelegramId, UserId } from '../domain/ids.ts'
import type { Practice } from '../domain/practice.ts'
import type { UserSettings } from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import type { User } from '../domain/user.ts'
import { type CacheTtls, listPoliciesFor, policiesFor } from './policies.ts'
import type { Readers } from './readers.ts'

/**
 * Where the loaders of all requests read: entities through the cache, lists from the database. What different requests
 * ask for at the same moment is asked for together; whether they may was decided before.
 */
export interface Sources {
  readonly profile: Kind<UserId, User>
  readonly telegramId: Kind<TelegramId, UserId>
  readonly settings: Kind<UserId, UserSettings>
  readonly stars: Kind<UserId, Stars>
  readonly practice: Kind<UserId, Practice>
  readonly practiceDays: Readers['practiceDays']
  readonly messages: Readers['messages']
  readonly usage: Readers['usage']
  readonly listUsers: Readers['listUsers']
  readonly jobs: Readers['jobs']
  readonly said: Readers['said']
  readonly speeches: Readers['speeches']
  readonly listWebhooks: Readers['listWebhooks']
  readonly deliveries: Readers['deliveries']
  /** What responses with lists in them are filed under. */
  readonly lists: ReturnType<typeof listPoliciesFor>
}

export function createSources(cache: Cache, readers: Readers, ttls: CacheTtls): Sources {
  const policies = policiesFor(ttls)
  return {
    profile: cache.kind(policies.profile, crowded(readers.users)),
    telegramId: cache.kind(policies.telegramId, crowded(readers.userIdsByTelegramId)),
    settings: cache.kind(policies.settings, crowded(readers.settings)),
    stars: cache.kind(policies.stars, crowded(readers.stars)),
    practice: cache.kind(policies.practice, crowded(readers.practice)),
    practiceDays: gathered(readers.practiceDays),
    messages: gathered(readers.messages),
    usage: gathered(readers.usage),
    listUsers: readers.listUsers,
    jobs: readers.jobs,
    said: readers.said,
    speeches: readers.speeches,
    listWebhooks: readers.listWebhooks,
    deliveries: gathered(readers.deliveries),
    lists: listPoliciesFor(ttls),
  }
}
