import { packed, unpacked } from './codec.ts'
import type { Landing } from './flight.ts'
import type { Copies, Copy } from './inspection.ts'
import type { MemoPolicy, MemoQuestion } from './memo.ts'
import { answered, type MemoDeps } from './memo-deps.ts'
import { createMemoEnvelope, type Entry, type MemoEnvelope, openedAny } from './memo-envelope.ts'
import { read, shown } from './memo-form.ts'
import { askedIn, MARK_LENGTH, markAt, markName } from './memo-marks.ts'
import type { MemoShelf } from './memo-memory.ts'
import { keyOf } from './policy.ts'
import type { Tag } from './shared-store.ts'
import { ENTRY_MAX_BYTES } from './size.ts'

/** As many questions of one asker as are noted. */
const MARKS = 64

/** Milliseconds that marks live where this process does not hear that an asker was deleted by another one. */
const UNHEARD_MS = 10 * 60_000

/** What one who asks finds. */
export interface Sight<Value> {
  /** The answer; null when there is none. */
  readonly landing: (Landing<Value> & { readonly kind: 'value' }) | null
  /** What stands in the place, as far as the store says, and is no answer. */
  readonly standing: string | null
  readonly askedAt: number | null
}

/** Looks for remembered values, and remembers them and who has asked for them. */
export class MemoSight<Value> {
  readonly #deps: MemoDeps
  readonly #policy: MemoPolicy<Value>
  readonly #shelf: MemoShelf<Value>

  constructor(deps: MemoDeps, policy: MemoPolicy<Value>) {
    this.#deps = deps
    this.#policy = policy
    this.#shelf = deps.memory.shelf(policy.name)
  }

  /** What is remembered for the question, and when it was asked before. */
  async look(question: MemoQuestion<Value>): Promise<Sight<Value>> {
    const { store, memory, namespace } = this.#deps
    const { mode, asker, tag } = question
    if (mode === 'BYPASS') return { landing: null, standing: null, askedAt: null }
    if (store === null) return { landing: this.kept(question), standing: null, askedAt: this.#remembered(question) }

    const { moment } = memory
    const tags = asker === null ? [tag] : [tag, asker]
    const found = await answered(this.#deps, 'read', store.find(tags.map((each) => keyOf(namespace, each))))
    const [standing = null, marks = null] = found ?? []
    const askedAt = askedIn(marks ?? '', this.#markName(question))
    const entry = standing === null || mode !== 'USE' ? null : this.open(question, standing)
    if (entry === null) return { landing: null, standing, askedAt }
    this.keep(question, entry, moment)
    return { landing: stored(entry, 'L2'), standing, askedAt }
  }

  /** What this process's memory has for the question. */
  kept({ mode, tag, fingerprint }: MemoQuestion<Value>): Sight<Value>['landing'] {
    const kept = mode === 'USE' ? this.#shelf.get(tag, this.#deps.now()) : null
    return kept?.fingerprint === fingerprint ? stored(kept, 'L1') : null
  }

  /** Keeps in this process's memory what was found or computed when that many invalidations had been heard of. */
  keep({ tag, fingerprint, personal }: MemoQuestion<Value>, entry: Entry<Value>, moment: number): void {
    const { keeps } = this.#deps.memory
    if (keeps === 'nothing' || (keeps === 'answers' && personal)) return
    // What is stored as bytes is large: few of them would leave no room for anything else.
    if (this.#policy.bytes && this.#deps.store !== null) return
    const { value, json, computedAt, expiresAt } = entry
    const options = { asOf: moment, bytes: json.length, expiresAt }
    if (this.#shelf.put(tag, tag, { fingerprint, value, computedAt }, options)) return
    this.#deps.report({ kind: 'put-refused', policy: this.#policy.name })
  }

  /** The value in what stands in the place; null when that is no answer, or no more. */
  open({ fingerprint }: MemoQuestion<Value>, standing: string): Entry<Value> | null {
    const { name } = this.#policy
    const sealed = this.#envelope(fingerprint).open(standing)
    if (sealed === null) return null
    try {
      if (!(sealed.expiresAt > this.#deps.now())) throw new TypeError('not a value of now')
      const { expiresAt, computedAt } = sealed
      const json = this.#unpacked(sealed.body)
      return { json, expiresAt, computedAt, value: read(json, this.#policy) }
    } catch {
      this.#deps.report({ kind: 'unusable', policy: name, count: 1 })
      return null
    }
  }

  seal({ fingerprint }: MemoQuestion<Value>, { json, expiresAt, computedAt }: Entry<Value>): string {
    const { bytes, name } = this.#policy
    // What is stored as bytes is audio, which nothing makes smaller.
    const body = bytes ? json : packed(json, name, this.#deps.report)
    return this.#envelope(fingerprint).seal({ body, expiresAt, computedAt })
  }

  #unpacked(body: string): string {
    return this.#policy.bytes ? body : unpacked(body, this.#deps.entryMaxBytes ?? ENTRY_MAX_BYTES)
  }

  /** The copies of what stands in a place. Whoever looks at them asks no question, so nothing is counted or noted. */
  async inspect(tag: Tag): Promise<Copies> {
    const { store, namespace, now } = this.#deps
    const kept = this.#shelf.look(tag, now())
    const value = kept?.value
    const memory =
      kept && value ? { ...kept, value: shown(value.value, this.#policy), loadedAt: value.computedAt } : null
    const [stored = null] = (await store?.find([keyOf(namespace, tag)]).catch(() => null)) ?? []
    return { memory, shared: stored === null ? null : this.#copyIn(stored) }
  }

  #copyIn(stored: string): Copy | null {
    const { bytes, name: policy, version } = this.#policy
    const sealed = openedAny(stored, { origin: this.#deps.origin, policy, version })
    if (sealed === null || !(sealed.expiresAt > this.#deps.now())) return null
    const { expiresAt, computedAt: loadedAt } = sealed
    try {
      const value = shown(read(this.#unpacked(sealed.body), this.#policy), this.#policy)
      return { value, loadedAt, expiresAt, bytes: bytes ? stored.length : Buffer.byteLength(stored) }
    } catch {
      return null
    }
  }

  /** Notes that the asker has had this answered just now. Nobody waits for it. */
  note(question: MemoQuestion<Value>): void {
    const { store, memory, namespace, now } = this.#deps
    const { ttlMs } = this.#policy
    const { asker } = question
    if (asker === null) return
    const mark = markAt(this.#markName(question), now())
    if (store !== null) {
      void answered(this.#deps, 'fill', store.note(keyOf(namespace, asker), mark, { most: MARKS, ttlMs }))
    } else if (memory.keeps !== 'nothing' && this.#remembered(question) === null) {
      const marks = `${memory.marks.get(asker, now()) ?? ''}${mark}`.slice(-MARKS * MARK_LENGTH)
      const expiresAt = now() + (memory.keeps === 'everything' ? ttlMs : Math.min(ttlMs, UNHEARD_MS))
      memory.marks.put(asker, asker, marks, { asOf: memory.moment, bytes: marks.length, expiresAt })
    }
  }

  #remembered(question: MemoQuestion<Value>): number | null {
    const { memory, now } = this.#deps
    const marks = question.asker === null ? null : memory.marks.get(question.asker, now())
    return askedIn(marks ?? '', this.#markName(question))
  }

  #markName({ fingerprint }: MemoQuestion<Value>): string {
    return markName(this.#deps.origin, fingerprint)
  }

  #envelope(fingerprint: string): MemoEnvelope {
    const { name, version } = this.#policy
    return createMemoEnvelope({ origin: this.#deps.origin, policy: name, version, fingerprint })
  }
}

const stored = <Value>(
  { value, computedAt }: { readonly value: Value; readonly computedAt: number },
  tier: 'L1' | 'L2',
) => ({ kind: 'value', value, computedAt, from: 'STORED', tier }) as const
