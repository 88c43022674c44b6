import type { CacheEvent } from '../../src/cache/cache-event.ts'
import { CachedMemo } from '../../src/cache/cached-memo.ts'
import { Heat } from '../../src/cache/heat.ts'
import { createL1 } from '../../src/cache/l1.ts'
import type { Memo, MemoCall, MemoPolicy, MemoQuestion } from '../../src/cache/memo.ts'
import { MEMO_TIMES, type MemoTimes } from '../../src/cache/memo-deps.ts'
import { type MemoKeeps, MemoMemory } from '../../src/cache/memo-memory.ts'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { StoreUnavailable } from '../../src/cache/shared-store.ts'
import type { Sleep } from '../../src/cache/sleep.ts'

/** What the tests memoise. */
export interface Answer {
  readonly text: string
}

/** A failure that concerns everyone who waits. */
export class Outage extends Error {
  override readonly name = 'Outage'
}

/** A failure that is the asker's own affair. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

export const answerPolicy: MemoPolicy<Answer> = {
  name: 'answer',
  ttlMs: 60_000,
  version: 1,
  decode(json) {
    const { text } = Object(json)
    if (typeof text !== 'string') throw new TypeError('not an answer')
    return { text }
  },
  encodeFailure: (error) => (error instanceof Outage ? error.message : null),
  decodeFailure: (text) => new Outage(text),
}

/** A hash of what is asked, as it were: questions differ in every one of its digits. */
export const fingerprintOf = (name: string): string => name.charCodeAt(0).toString(16).repeat(32)

/** One call of the model, until the test ends it. */
export interface ModelCall extends MemoCall {
  readonly name: string
  readonly answer: (text: string) => void
  readonly fail: (error: Error) => void
  /** Stops because it was told to. */
  readonly heed: () => void
}

/** A model that is asked, and answers when it is told to. */
export class Model {
  readonly calls: ModelCall[] = []

  /** Asks it in somebody's name. */
  readonly ask =
    (name: string) =>
    (call: MemoCall): Promise<Answer> => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      const heed = () => reject(call.signal.reason)
      this.calls.push({ ...call, name, answer: (text) => resolve({ text }), fail: reject, heed })
      return promise
    }

  /** The call that was made last. */
  get last(): ModelCall {
    const call = this.calls.at(-1)
    if (call === undefined) throw new Error('the model was not asked')
    return call
  }

  get names(): string[] {
    return this.calls.map(({ name }) => name)
  }
}

export const questionOf = (
  model: Model,
  { name = 'a', ...given }: Partial<MemoQuestion<Answer>> & { readonly name?: string } = {},
): MemoQuestion<Answer> => ({
  tag: `reply:${name}`,
  fingerprint: fingerprintOf(name),
  mode: 'USE',
  personal: false,
  asker: null,
  signal: new AbortController().signal,
  compute: model.ask(name),
  ...given,
})

export interface MemoNode {
  readonly memo: Memo<Answer>
  readonly memory: MemoMemory
  readonly events: CacheEvent[]
  /** What this process hears of an invalidation. */
  hear(...tags: readonly string[]): void
  /** How many events there were of each kind, but those of nobody. */
  counts(): Record<string, number>
}

export interface MemoNodeOptions {
  readonly store: MemoStore | null
  readonly now: () => number
  readonly sleep: Sleep
  readonly policy?: MemoPolicy<Answer>
  readonly keeps?: MemoKeeps
  readonly origin?: string
  readonly times?: MemoTimes
  readonly entryMaxBytes?: number
}

let nodes = 0

/** One process's memo. */
export function startMemo(options: MemoNodeOptions): MemoNode {
  const { store, now, sleep, policy = answerPolicy, keeps = 'answers', origin = 'db', times = MEMO_TIMES } = options
  const { entryMaxBytes = 1_048_576 } = options
  nodes += 1
  const name = `node-${nodes}`
  let leases = 0
  const events: CacheEvent[] = []
  const memory = new MemoMemory(createL1({ maxBytes: 100_000 }), keeps)
  const both = memory.beside({ invalidate() {}, clear() {} })
  const unique = () => `${name}-${++leases}`
  const report = (event: CacheEvent) => events.push(event)
  const heat = new Heat({ random: () => 0 })
  const given = { store, memory, namespace: 'test', origin, report, heat, now, unique, sleep, times, entryMaxBytes }
  const memo = new CachedMemo(given, policy)
  return {
    memo,
    memory,
    events,
    hear: (...tags) => both.invalidate(tags, 1),
    counts: () =>
      Object.fromEntries(
        Map.groupBy(events, ({ kind }) => kind)
          .entries()
          .map(([k, all]) => [k, all.length]),
      ),
  }
}

/** A store whose methods fail, or never answer, while the test says so. */
export function breakable(store: MemoStore) {
  let fault: 'none' | 'refusing' | 'hanging' = 'none'
  const through =
    <Asked extends unknown[], Done>(method: (...asked: Asked) => Promise<Done>) =>
    async (...asked: Asked): Promise<Done> => {
      if (fault === 'refusing') throw new StoreUnavailable('refused')
      if (fault === 'hanging') return Promise.withResolvers<Done>().promise
      return method(...asked)
    }
  return {
    store: {
      find: through(store.find),
      claim: through(store.claim),
      renew: through(store.renew),
      settle: through(store.settle),
      release: through(store.release),
      note: through(store.note),
    } satisfies MemoStore,
    become(next: typeof fault) {
      fault = next
    },
  }
}
