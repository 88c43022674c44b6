import type { Order } from './batches.ts'
import type { Load } from './entity-cache.ts'
import { createEnvelope, type Envelope, isLease, leaseToken } from './envelope.ts'
import type { KindDeps } from './kind.ts'
import { keyOf, type Policy } from './policy.ts'
import type { Mark } from './shared-store.ts'
import { jittered } from './ttl.ts'

/** What is known of one id while its batch is read. */
interface Question<Id> {
  readonly id: Id
  readonly key: string
  /** What stands under the key is of no use and must make room. */
  discard: boolean
}

/** Takes what is stored as the answer; false when it is none. */
type Accept<Id> = (question: Question<Id>, stored: string) => boolean

/**
 * Reads a batch: from the shared store, and what is not there from the source. What was missing is leased first and
 * loaded after, so that an invalidation in between takes the lease away and the old value is never put in place.
 */
export function createReadThrough<Id, Value>(deps: KindDeps, policy: Policy<Id, Value>, load: Load<Id, Value>) {
  const { store, l1, coherence, namespace, now, random, unique, leaseMs, report } = deps

  async function read({ ids, mode, mark }: Order<Id>): Promise<ReadonlyMap<Id, Value | null>> {
    const results = new Map<Id, Value | null>()
    const questions = ids.map((id) => ({ id, key: keyOf(namespace, policy.tagOf(id)), discard: mode === 'REFRESH' }))
    if (mark === null || mode === 'BYPASS') return loaded(questions, results)

    const envelope = createEnvelope(mark, policy.version)
    const accept: Accept<Id> = (question, stored) => {
      const opened = decoded(envelope, stored)
      if (opened === null) return false
      results.set(question.id, opened.value)
      keep(question.id, opened.value, opened.expiresAt, opened.bytes, mark)
      return true
    }

    const missing = mode === 'REFRESH' ? questions : await notStored(questions, accept, mark.life)
    if (missing === null) return loaded(questions, results)
    if (missing.length === 0) return results
    const { token, owned, rest } = await lease(missing, accept, mark.life)
    await loaded([...owned, ...rest], results)
    for (const { id } of rest) keepLoaded(id, results.get(id) ?? null, mark)
    if (owned.length > 0) void fill(owned, results, envelope, token, mark)
    return results
  }

  /** The questions that the store has no answer to; null when it cannot be asked. */
  async function notStored(questions: Question<Id>[], accept: Accept<Id>, life: string) {
    const stored = await store
      .read(
        questions.map(({ key }) => key),
        life,
      )
      .catch((error) => {
        report({ kind: 'store-failed', during: 'read', error })
        return null
      })
    if (stored === null) return null
    const missing = questions.filter((question, index) => {
      const value = stored[index]
      if (typeof value !== 'string' || isLease(value)) return true
      if (accept(question, value)) return false
      question.discard = true
      return true
    })
    const hits = questions.length - missing.length
    if (hits > 0) report({ kind: 'hit', policy: policy.name, tier: 'L2', count: hits })
    if (missing.length > 0) report({ kind: 'miss', policy: policy.name, count: missing.length })
    return missing
  }

  /** Sets out to fill what is missing. Somebody else may be faster, and may even be done already. */
  async function lease(missing: Question<Id>[], accept: Accept<Id>, life: string) {
    const token = leaseToken(unique())
    const requests = missing.map(({ key, discard }) => ({ key, discard }))
    const standing = await store.lease(requests, { token, ms: leaseMs }, life).catch((error) => {
      report({ kind: 'store-failed', during: 'lease', error })
      return missing.map(() => token)
    })
    const owned: Question<Id>[] = []
    const rest: Question<Id>[] = []
    missing.forEach((question, index) => {
      const other = standing[index]
      if (other === null || other === undefined) owned.push(question)
      else if (isLease(other) || !accept(question, other)) rest.push(question)
    })
    return { token, owned, rest }
  }

  async function loaded(questions: readonly Question<Id>[], results: Map<Id, Value | null>) {
    if (questions.length === 0) return results
    const found = await load(questions.map(({ id }) => id))
    for (const { id } of questions) results.set(id, found.get(id) ?? null)
    return results
  }

  const ttlOf = (value: Value | null) => (value === null ? policy.absentTtlMs : policy.ttlMs(value))

  async function fill(
    owned: Question<Id>[],
    results: Map<Id, Value | null>,
    envelope: Envelope,
    token: string,
    mark: Mark,
  ) {
    const fills = owned.map(({ id, key }) => {
      const value = results.get(id) ?? null
      const ttlMs = jittered(ttlOf(value), random())
      const json = JSON.stringify(value)
      keep(id, value, now() + ttlMs, json.length, mark)
      return { key, ttlMs, value: envelope.seal({ json, expiresAt: now() + ttlMs }) }
    })
    try {
      const put = await store.fill(fills, token)
      if (put > 0) report({ kind: 'filled', policy: policy.name, count: put })
      if (put < fills.length) report({ kind: 'fill-refused', policy: policy.name, count: fills.length - put })
    } catch (error) {
      report({ kind: 'store-failed', during: 'fill', error })
    }
  }

  function keepLoaded(id: Id, value: Value | null, mark: Mark): void {
    keep(id, value, now() + jittered(ttlOf(value), random()), JSON.stringify(value).length, mark)
  }

  /** Puts a value into memory, unless something has happened to it since the request that loaded it began. */
  function keep(id: Id, value: Value | null, expiresAt: number, bytes: number, mark: Mark): void {
    if (!coherence.admits(mark)) return
    if (!l1.put(policy.tagOf(id), value, { asOf: mark.number, bytes, expiresAt }))
      report({ kind: 'put-refused', policy: policy.name })
  }

  function decoded(envelope: Envelope, stored: string) {
    const opened = envelope.open(stored)
    if (opened === null || !(opened.expiresAt > now())) return unusable()
    try {
      const json: unknown = JSON.parse(opened.json)
      const value = json === null ? null : policy.decode(json)
      return { value, expiresAt: opened.expiresAt, bytes: opened.json.length }
    } catch {
      return unusable()
    }
  }

  function unusable(): null {
    report({ kind: 'unusable', policy: policy.name, count: 1 })
    return null
  }

  return read
}
