import type { Kind } from '../cache/kind.ts'
import type { MemoStore } from '../cache/memo-store.ts'
import type { SharedStore } from '../cache/shared-store.ts'
import type { UnitOfWork } from '../commands/unit-of-work.ts'
import type { Readers } from '../loaders/readers.ts'
import type { Sources } from '../loaders/sources.ts'
import type { Ledger } from '../replies/ledger.ts'
import type { Spans } from './spans.ts'
import { type Call, traced } from './traced.ts'

/** What is followed of a database. */
export interface DatabasePorts {
  readonly readers: Readers
  readonly unitOfWork: UnitOfWork
  readonly ledger: Ledger
}

/** Each read is a part, each transaction, and within it each call of a repository. */
export function tracedDatabase<Database extends DatabasePorts>(database: Database, spans: Spans): Database {
  const { readers, unitOfWork, ledger } = database
  return {
    ...database,
    readers: traced(readers, spans, sql),
    ledger: traced(ledger, spans, (method) => sql(`ledger.${method}`)),
    unitOfWork: {
      run: (work) =>
        spans.part({ ...sql('transaction'), name: 'transaction' }, () =>
          unitOfWork.run((transaction) =>
            work(traced(transaction, spans, (method) => (method === 'jobs.newId' ? null : sql(method)))),
          ),
        ),
    },
  }
}

/** By our own name for it: statements are written down nowhere, as what is written next to them is what learners say. */
const sql = (name: string): Call => ({
  name: `sql ${name}`,
  outside: true,
  facts: { 'db.system.name': 'postgresql', 'db.operation.name': name, 'db.query.summary': name },
})

export type StorePorts = SharedStore & MemoStore & { readonly bytes?: MemoStore }

/** Whatever is asked of the shared store for somebody; that it is listened to is not for anybody. */
export const tracedStore = <Store extends StorePorts>(store: Store, spans: Spans): Store =>
  traced(store, spans, (method, [asked]) => {
    const name = method.replace('bytes.', '')
    if (name === 'subscribe') return null
    const keys = Array.isArray(asked) ? asked.length : undefined
    return {
      name: `cache ${name}`,
      outside: true,
      facts: { 'db.system.name': 'redis', 'db.operation.name': name, ...(keys !== undefined && { [KEYS]: keys }) },
      ...((name === 'read' || name === 'find') && { learned: foundIn }),
    }
  })

const KEYS = 'honzik.keys'

const foundIn = (answer: unknown) => ({
  'honzik.cache.found': Array.isArray(answer) ? answer.filter((each) => each !== null).length : 0,
})

/** Each batch of a loader is a part: what is in it was not in this process's memory, or was asked for by others already. */
export function tracedSources(sources: Sources, spans: Spans): Sources {
  const kind = <Id, Value>(name: string, followed: Kind<Id, Value>) => tracedKind(name, followed, spans)
  const loads = traced(sources, spans, (method, [asked]) => loader(method, Array.isArray(asked) ? asked.length : 1))
  return {
    ...loads,
    lists: sources.lists,
    profile: kind('user', sources.profile),
    telegramId: kind('userIdByTelegramId', sources.telegramId),
    settings: kind('settings', sources.settings),
    stars: kind('stars', sources.stars),
    practice: kind('practice', sources.practice),
  }
}

const loader = (name: string, keys: number): Call => ({ name: `loader ${name}`, facts: { [KEYS]: keys } })

function tracedKind<Id, Value>(name: string, kind: Kind<Id, Value>, spans: Spans): Kind<Id, Value> {
  const remembered = (ids: readonly Id[], view: Parameters<typeof kind.peek>[1]) => ({
    'honzik.loader.from_memory': ids.filter((id) => kind.peek(id, view) !== undefined).length,
  })
  return {
    name: kind.name,
    tagOf: kind.tagOf,
    inspect: (id, view) => kind.inspect(id, view),
    peek: (id, view) => kind.peek(id, view),
    recent: () => kind.recent(),
    get: (id, view) =>
      spans.part(loader(name, 1), (learn) => {
        learn(remembered([id], view))
        return kind.get(id, view)
      }),
    getMany: (ids, view) =>
      spans.part(loader(name, ids.length), (learn) => {
        learn(remembered(ids, view))
        return kind.getMany(ids, view)
      }),
  }
}
