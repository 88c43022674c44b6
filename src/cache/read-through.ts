import type { Order } from './batches.ts'
import { packed, unpacked } from './codec.ts'
import type { CacheDeps } from './deps.ts'
import { createEnvelope, type Envelope, isLease, leaseToken } from './envelope.ts'
import type { Shelf } from './l1.ts'
import { keyOf, type Policy } from './policy.ts'
import type { Fill, Mark, Tag } from './shared-store.ts'
import { isTooLarge } from './size.ts'
import { jittered } from './ttl.ts'
import type { Found, Load } from './view.ts'

interface ReadDeps<Id, Value> extends CacheDeps {
  /** Where memory keeps what is read. */
  readonly shelf: Shelf<Id, Value>
}

/** One id of a batch, and where it is filed. */
interface Question<Id> {
  readonly id: Id
  readonly tag: Tag
  readonly key: string
  /** What stands under the key is of no use and must make room. */
  discard: boolean
}

/** A value on its way into memory. */
interface Keeping {
  readonly json: string
  readonly expiresAt: number
  readonly loadedAt: number | null
}

/** What has been found so far. */
interface Finding<Id, Value> extends Found<Id, Value> {
  readonly values: Map<Id, Value | null>
  loaded: Set<Id> | typeof NOTHING
  until: number
  readonly mark: Mark | null
}

/** Most batches find everything in the store. */
const NOTHING: ReadonlySet<never> = new Set()

/** The reading of one batch through the store. */
interface Reading<Id, Value> {
  readonly mark: Mark
  /** Nobody has asked for it. */
  readonly quiet: boolean
  readonly envelope: Envelope
  readonly found: Finding<Id, Value>
}

/**
 * Reads a batch: from the shared store, and what is not there from the source. What was missing is leased first and
 * loaded after, so that an invalidation in between takes the lease away and the old value is never put in place.
 */
export class ReadThrough<Id, Value> {
  readonly #deps: ReadDeps<Id, Value>
  readonly #policy: Policy<Id, Value>
  readonly #load: Load<Id, Value>

  constructor(deps: ReadDeps<Id, Value>, policy: Policy<Id, Value>, load: Load<Id, Value>) {
    this.#deps = deps
    this.#policy = policy
    this.#load = load
  }

  async read({ ids, mode, quiet, mark }: Order<Id>): Promise<Found<Id, Value>> {
    const { namespace } = this.#deps
    const found: Finding<Id, Value> = { values: new Map(), loaded: NOTHING, until: Number.POSITIVE_INFINITY, mark }
    const questions = ids.map((id) => {
      const tag = this.#policy.tagOf(id)
      return { id, tag, key: keyOf(namespace, tag), discard: mode === 'REFRESH' }
    })
    if (mark === null || mode === 'BYPASS') return this.#loaded(questions, found)

    const reading = { mark, found, quiet, envelope: createEnvelope(this.#deps.origin, mark, this.#policy.version) }
    const missing = mode === 'REFRESH' ? questions : await this.#notStored(questions, reading)
    if (missing === null) return this.#unkept(questions, found)
    if (missing.length === 0) return found
    const { token, owned, others } = await this.#lease(missing, reading)
    await this.#loaded([...owned, ...others], found)
    for (const other of others) this.#keepLoaded(other, reading)
    // No request waits for it, so nobody else would hear that it failed.
    if (owned.length > 0)
      this.#deps.aside(this.#fill(owned, token, reading).catch((error) => this.#failed('fill', error)))
    return found
  }

  /** The questions that the store has no answer to; null when it cannot be asked. */
  async #notStored(questions: Question<Id>[], reading: Reading<Id, Value>): Promise<Question<Id>[] | null> {
    const { store, report } = this.#deps
    const { name } = this.#policy
    const keys = questions.map(({ key }) => key)
    const stored = await store.read(keys, reading.mark.life).catch((error) => this.#failed('read', error))
    if (stored === null) return null
    const now = this.#deps.now()
    const missing: Question<Id>[] = []
    for (const [index, question] of questions.entries()) {
      const value = stored[index]
      if (typeof value !== 'string' || isLease(value)) missing.push(question)
      else if (!this.#accept(question, value, reading, now)) {
        question.discard = true
        missing.push(question)
      }
    }
    const hits = questions.length - missing.length
    if (reading.quiet) return missing
    if (hits > 0) report({ kind: 'hit', policy: name, tier: 'L2', count: hits })
    if (missing.length > 0) report({ kind: 'miss', policy: name, count: missing.length })
    return missing
  }

  /** Sets out to fill what is missing. Somebody else may be faster, and may even be done already. */
  async #lease(missing: Question<Id>[], reading: Reading<Id, Value>) {
    const { store, unique, leaseMs, now } = this.#deps
    const token = leaseToken(unique())
    const requests = missing.map(({ key, discard }) => ({ key, discard }))
    const standing = await store
      .lease(requests, { token, ms: leaseMs }, reading.mark.life)
      .catch((error) => this.#failed('lease', error))
    const owned: Question<Id>[] = []
    const others: Question<Id>[] = []
    missing.forEach((question, index) => {
      // Without an answer nothing is owned: nobody then fills what may be leased all the same.
      const other = standing === null ? token : standing[index]
      if (typeof other !== 'string') owned.push(question)
      else if (isLease(other) || !this.#accept(question, other, reading, now())) others.push(question)
    })
    return { token, owned, others }
  }

  /** What cannot be kept anywhere has its time all the same: whatever is made from it may be kept. */
  async #unkept(questions: readonly Question<Id>[], found: Finding<Id, Value>): Promise<Found<Id, Value>> {
    await this.#loaded(questions, found)
    const now = this.#deps.now()
    for (const value of found.values.values()) found.until = Math.min(found.until, now + this.#ttlOf(value))
    return found
  }

  async #loaded(questions: readonly Question<Id>[], found: Finding<Id, Value>): Promise<Found<Id, Value>> {
    if (questions.length === 0) return found
    const ids = questions.map(({ id }) => id)
    const begun = performance.now()
    const loaded = await this.#load(ids)
    const ms = performance.now() - begun
    this.#deps.report({ kind: 'loaded', policy: this.#policy.name, count: ids.length, ms })
    for (const id of ids) found.values.set(id, loaded.get(id) ?? null)
    found.loaded = new Set(ids)
    return found
  }

  async #fill(owned: Question<Id>[], token: string, reading: Reading<Id, Value>): Promise<void> {
    const { store, now, report, compresses } = this.#deps
    const { envelope, found } = reading
    const { name } = this.#policy
    const fills = owned.flatMap((question): Fill | [] => {
      const { id, key } = question
      const value = found.values.get(id) ?? null
      const ttlMs = this.#ttlOf(value)
      const loadedAt = now()
      const expiresAt = loadedAt + ttlMs
      const json = JSON.stringify(value)
      // Its lease is left to end: nobody waits for it, and as long as it stands no other process fills in vain.
      if (!this.#keep(question, value, { json, expiresAt, loadedAt }, reading)) return []
      const body = compresses ? packed(json, name, report) : json
      return { key, ttlMs, value: envelope.seal({ body, expiresAt, loadedAt }) }
    })
    if (fills.length === 0) return
    const put = await store.fill(fills, token).catch((error) => this.#failed('fill', error))
    if (put === null) return
    if (put > 0) report({ kind: 'filled', policy: name, count: put })
    if (put < fills.length) report({ kind: 'fill-refused', policy: name, count: fills.length - put })
  }

  #failed(during: 'read' | 'lease' | 'fill', error: unknown): null {
    this.#deps.report({ kind: 'store-failed', during, error })
    return null
  }

  #ttlOf(value: Value | null): number {
    const { absentTtlMs, ttlMs } = this.#policy
    try {
      return jittered(value === null ? absentTtlMs : ttlMs(value, this.#deps.now()), this.#deps.random())
    } catch {
      // A value that one cannot tell the time of, such as one with a zone that is not known here, is answered all the same.
      return 1
    }
  }

  #keepLoaded(question: Question<Id>, reading: Reading<Id, Value>): void {
    const value = reading.found.values.get(question.id) ?? null
    const loadedAt = this.#deps.now()
    const expiresAt = loadedAt + this.#ttlOf(value)
    this.#keep(question, value, { json: JSON.stringify(value), expiresAt, loadedAt }, reading)
  }

  /**
   * Puts a value into memory, unless something has happened to it since the request that loaded it began. False for one
   * that is too large to be kept anywhere; whatever is made from it has its time all the same.
   */
  #keep(
    { id, tag }: Question<Id>,
    value: Value | null,
    { json, expiresAt, loadedAt }: Keeping,
    { mark, found }: Reading<Id, Value>,
  ): boolean {
    const { coherence, shelf, report, entryMaxBytes } = this.#deps
    const { name: policy } = this.#policy
    if (expiresAt < found.until) found.until = expiresAt
    if (isTooLarge(json, entryMaxBytes)) {
      report({ kind: 'too-large', policy, count: 1 })
      return false
    }
    if (!coherence.admits(mark)) return true
    if (!shelf.put(id, tag, value, { asOf: mark.number, bytes: json.length, expiresAt, loadedAt }))
      report({ kind: 'put-refused', policy })
    return true
  }

  /** Takes what is stored as the answer; false when it is none. */
  #accept(question: Question<Id>, stored: string, reading: Reading<Id, Value>, now: number): boolean {
    const opened = reading.envelope.open(stored)
    try {
      if (opened === null || !(opened.expiresAt > now)) throw new TypeError('not a value of now')
      const { expiresAt, loadedAt } = opened
      const json = unpacked(opened.body, this.#deps.entryMaxBytes)
      const parsed: unknown = JSON.parse(json)
      const value = parsed === null ? null : this.#policy.decode(parsed)
      reading.found.values.set(question.id, value)
      this.#keep(question, value, { json, expiresAt, loadedAt }, reading)
      return true
    } catch {
      this.#deps.report({ kind: 'unusable', policy: this.#policy.name, count: 1 })
      return false
    }
  }
}
