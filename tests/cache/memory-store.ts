import { ANYTHING_BUT_A_LEASE, type MemoStore, type NoteOptions, type Replaceable } from '../../src/cache/memo-store.ts'
import {
  type Announcement,
  type Fill,
  type Lease,
  type LeaseRequest,
  type Mark,
  type SequenceHearer,
  type SharedStore,
  StoreUnavailable,
} from '../../src/cache/shared-store.ts'

/** Lets something else happen first; told what is about to be done. */
export type Pause = (step: string) => Promise<void>

interface Stored {
  readonly value: string
  readonly endsAt: number
}

/**
 * A shared store in memory with a clock of its own and switches for its faults. What several nodes share is one of
 * these; each node talks to it through `connect`.
 */
export class MemoryStore {
  readonly entries = new Map<string, Stored>()
  now = 0
  life = 'life-1'
  epoch = 1
  number = 0
  /** Everything fails, as if the store were gone. */
  gone = false
  readonly #hearers = new Set<SequenceHearer>()

  /** A node's connection; each step waits for `pause` on its way there and on its way back. */
  connect(pause: Pause = async () => {}): SharedStore & MemoStore {
    const shared = this
    const call = async <T>(step: string, work: () => T): Promise<T> => {
      await pause(`${step}: on its way`)
      if (this.gone) throw new StoreUnavailable('gone')
      const answer = work()
      await pause(`${step}: on its way back`)
      return answer
    }
    return {
      find: (keys) => call('find', () => keys.map((key) => this.#get(key))),
      claim: (key, lease, replaced) => call('claim', () => this.#claim(key, lease, replaced)),
      renew: (key, { token, ms }) => call('renew', () => this.#fill({ key, value: token, ttlMs: ms }, token)),
      settle: (key, token, value, ttlMs) => call('settle', () => this.#fill({ key, value, ttlMs }, token)),
      release: (key, token) =>
        call('release', () => {
          if (this.#get(key) === token) this.entries.delete(key)
        }),
      note: (key, mark, options) => call('note', () => this.#note(key, mark, options)),
      read: (keys, life) => call('read', () => this.#living(life, () => keys.map((key) => this.#get(key)))),
      lease: (requests, { token, ms }, life) =>
        call('lease', () => this.#living(life, () => requests.map((each) => this.#lease(each, token, ms)))),
      fill: (fills, token) => call('fill', () => fills.filter((each) => this.#fill(each, token)).length),
      mark: () => call('mark', () => this.#mark()),
      async invalidate(keys, tags) {
        // Two steps, as on a cluster: others may come between.
        await call('remove', () => {
          for (const key of keys) shared.entries.delete(key)
        })
        return call('announce', () => shared.#announce(tags))
      },
      newEpoch: () =>
        call('newEpoch', () => {
          this.epoch += 1
          return this.#announce(['*'])
        }),
      subscribe: (hearer) => {
        // Messages arrive some time later, in order.
        let arriving = Promise.resolve()
        const heard = (announcement: Announcement) => {
          arriving = arriving.then(() => pause('message')).then(() => hearer.heard(announcement))
        }
        const own = { ...hearer, heard }
        this.#hearers.add(own)
        own.listening(this.life)
        return {
          [Symbol.asyncDispose]: async () => {
            this.#hearers.delete(own)
          },
        }
      },
    }
  }

  /** As after a restart: nothing is left but what `keeping` says, and the store says that it lives anew. */
  restart(keeping: ReadonlyMap<string, Stored> = new Map()): void {
    this.entries.clear()
    for (const [key, stored] of keeping) this.entries.set(key, stored)
    this.life = `${this.life}+`
  }

  /** The subscription breaks, and comes back when the returned function is called. */
  cutSubscriptions(): () => void {
    const cut = [...this.#hearers]
    this.#hearers.clear()
    for (const hearer of cut) hearer.lost()
    return () => {
      for (const hearer of cut) {
        this.#hearers.add(hearer)
        hearer.listening(this.life)
      }
    }
  }

  #mark = (): Mark => ({ life: this.life, epoch: this.epoch, number: this.number })

  #announce(tags: readonly string[]): Mark {
    this.number += 1
    const announcement: Announcement = { number: this.number, tags }
    for (const hearer of this.#hearers) hearer.heard(announcement)
    return this.#mark()
  }

  #living<T>(life: string, work: () => T): T {
    if (life !== this.life) throw new StoreUnavailable('another life')
    return work()
  }

  #get(key: string): string | null {
    const stored = this.entries.get(key)
    if (stored && stored.endsAt <= this.now) this.entries.delete(key)
    return this.entries.get(key)?.value ?? null
  }

  #lease({ key, discard }: LeaseRequest, token: string, leaseMs: number): string | null {
    if (discard) this.entries.delete(key)
    const standing = this.#get(key)
    if (standing === null) this.entries.set(key, { value: token, endsAt: this.now + leaseMs })
    return standing
  }

  #claim(key: string, { token, ms }: Lease, replaced: Replaceable): string | null {
    const standing = this.#get(key)
    const isReplaceable = replaced === ANYTHING_BUT_A_LEASE ? !standing?.startsWith('lease:') : standing === replaced
    if (standing !== null && !isReplaceable) return standing
    this.entries.set(key, { value: token, endsAt: this.now + ms })
    return null
  }

  #note(key: string, mark: string, { most, ttlMs }: NoteOptions): void {
    const marks = this.#get(key)?.match(new RegExp(`.{${mark.length}}`, 'g')) ?? []
    const value = [...marks.filter((each) => each !== mark), mark].slice(-most).join('')
    this.entries.set(key, { value, endsAt: this.now + ttlMs })
  }

  #fill({ key, value, ttlMs }: Fill, token: string): boolean {
    if (this.#get(key) !== token) return false
    this.entries.set(key, { value, endsAt: this.now + ttlMs })
    return true
  }
}
