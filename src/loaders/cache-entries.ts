import type { Cache } from '../cache/cache.ts'
import type { Copies } from '../cache/inspection.ts'
import type { Kind } from '../cache/kind.ts'
import type { Memo } from '../cache/memo.ts'
import type { View } from '../cache/view.ts'
import type { CacheEntry } from '../domain/cache-report.ts'
import type { CacheTag } from '../domain/cache-tag.ts'
import type { Answer } from '../replies/tutor.ts'
import type { Heard, Spoken } from '../replies/voice.ts'
import type { Sources } from './sources.ts'

/** Where what models said is remembered. */
export interface Memos {
  readonly reply: Memo<Answer>
  readonly transcript: Memo<Heard>
  readonly speech: Memo<Spoken>
}

export interface CacheEntriesDeps {
  readonly cache: Pick<Cache, 'open' | 'l1'>
  readonly sources: Pick<Sources, 'profile' | 'telegramId' | 'settings' | 'stars' | 'practice'>
  readonly memos: Memos
}

/** What caches and the database say of what is filed under each tag, as a request that begins now would see it. */
export type InspectCache = (tags: readonly CacheTag[]) => Promise<readonly CacheEntry[]>

type Seen = Omit<CacheEntry, 'tag' | 'responses'>

/** Only whole answers are filed under the tag. */
const NOTHING: Seen = { policy: null, memory: null, shared: null, database: null, isFresh: null }

export const createCacheEntries =
  (deps: CacheEntriesDeps): InspectCache =>
  async (tags) => {
    const { cache } = deps
    // Of its own: the one that asks may have begun before the change that is looked for.
    const view = await cache.open('USE')
    const entryOf = async (tag: CacheTag): Promise<CacheEntry> => ({
      ...(await seen(deps, tag, view)),
      tag: tag.text,
      responses: cache.l1.responses.filed(tag.text),
    })
    return Promise.all(tags.map(entryOf))
  }

/** What is filed under which tag; `tagOf` in the policies is the other way round. */
function seen({ sources, memos }: CacheEntriesDeps, tag: CacheTag, view: View): Promise<Seen> | Seen {
  switch (tag.family) {
    case 'user':
      return ofKind(sources.profile, tag.id, view)
    case 'telegram':
      return ofKind(sources.telegramId, tag.id, view)
    case 'settings':
      return ofKind(sources.settings, tag.id, view)
    case 'stars':
      return ofKind(sources.stars, tag.id, view)
    case 'practice':
      return ofKind(sources.practice, tag.id, view)
    case 'reply':
    case 'replies':
      return ofMemo(memos.reply, tag)
    case 'transcript':
      return ofMemo(memos.transcript, tag)
    case 'speech':
      return ofMemo(memos.speech, tag)
    default:
      return NOTHING
  }
}

async function ofKind<Id, Value>(kind: Kind<Id, Value>, id: Id, view: View): Promise<Seen> {
  const { memory, shared, found, isFresh } = await kind.inspect(id, view)
  return { policy: kind.name, memory, shared, database: found, isFresh }
}

/** What models said never changes, and is nowhere else. */
async function ofMemo<Value>(memo: Memo<Value>, { text }: CacheTag): Promise<Seen> {
  const copies: Copies = await memo.inspect(text)
  return { ...NOTHING, ...copies, policy: memo.name }
}
