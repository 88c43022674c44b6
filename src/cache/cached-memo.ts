import { type Attained, attain, takeOver } from './attain.ts'
import { type Caller, Flight, Flights, type Landing } from './flight.ts'
import { type Hold, NOWHERE, UNSHARED } from './hold.ts'
import type { Copies } from './inspection.ts'
import type { Memo, Memoised, MemoPolicy, MemoQuestion } from './memo.ts'
import type { MemoDeps } from './memo-deps.ts'
import type { Entry } from './memo-envelope.ts'
import { written } from './memo-form.ts'
import { MemoSight } from './memo-sight.ts'
import { keyOf } from './policy.ts'
import type { Tag } from './shared-store.ts'
import { ENTRY_MAX_BYTES, isTooLarge } from './size.ts'

/**
 * In this process, those who want the same share one flight; among the processes, those flights share a lease. Whoever
 * has it computes, and the others look now and then how far that is.
 */
export class CachedMemo<Value> implements Memo<Value> {
  readonly name: string
  readonly #deps: MemoDeps
  readonly #policy: MemoPolicy<Value>
  readonly #sight: MemoSight<Value>
  readonly #flights = new Flights<Value>()

  constructor(deps: MemoDeps, policy: MemoPolicy<Value>) {
    this.#deps = deps
    this.#policy = policy
    this.name = policy.name
    this.#sight = new MemoSight(deps, policy)
    deps.memory.onInvalidation((tags) => this.#flights.closeAll(tags))
  }

  async ask(question: MemoQuestion<Value>): Promise<Memoised<Value>> {
    const { mode, signal, tag } = question
    const { heat } = this.#deps
    if (heat.due()) heat.note(tag)
    for (let deaf = false; ; ) {
      signal.throwIfAborted()
      const sight = await this.#sight.look(question)
      signal.throwIfAborted()
      const landing: Landing<Value> = sight.landing ?? (await this.#board({ question, saw: sight.standing, deaf }))
      if (landing.kind === 'failed') throw landing.error
      if (landing.kind === 'value') {
        this.#count(landing)
        const { askedAt } = sight
        if (mode !== 'BYPASS' && askedAt === null) this.#sight.note(question)
        const { value, from, computedAt } = landing
        return { value, from, computedAt, askedAt }
      }
      deaf = landing.deaf
    }
  }

  inspect(tag: Tag): Promise<Copies> {
    return this.#sight.inspect(tag)
  }

  #count({ from, tier }: Landing<Value> & { readonly kind: 'value' }): void {
    const { name: policy } = this.#policy
    if (from === 'STORED') this.#deps.report({ kind: 'hit', policy, tier, count: 1 })
    if (from === 'JOINED') this.#deps.report({ kind: 'joined', policy, count: 1 })
  }

  /** Joins those who want the same, or sets out for it. Nothing else happens in this process until the caller has a seat. */
  #board(caller: Caller<Value>): Promise<Landing<Value>> {
    const { question, saw } = caller
    const running = question.mode === 'USE' ? this.#flights.find(question) : undefined
    if (running !== undefined) return running.join(caller)

    const flight = new Flight<Value>(question)
    if (question.mode !== 'BYPASS') this.#flights.open(flight)
    const landing = flight.join(caller)
    this.#fly(flight, question, saw)
      .catch((error) => this.#land(flight, () => ({ kind: 'failed', error })))
      // One that all have left ends without a landing.
      .finally(() => this.#flights.close(flight))
    return landing
  }

  async #fly(flight: Flight<Value>, question: MemoQuestion<Value>, saw: string | null): Promise<void> {
    const attained = await this.#attain(flight, question, saw)
    switch (attained.kind) {
      case 'ours':
        return this.#compute(flight, question, attained.hold)
      case 'taken':
        return this.#compute(flight, question, NOWHERE)
      case 'unavailable': {
        const kept = this.#sight.kept(question)
        return kept === null ? this.#compute(flight, question, UNSHARED) : this.#land(flight, () => kept)
      }
      case 'found':
        this.#keep(flight, question, attained.entry)
        return this.#land(flight, () => found(attained.entry, attained.waited ? 'JOINED' : 'STORED'))
      case 'failed':
        return this.#failElsewhere(flight, attained)
    }
  }

  async #attain(
    { signal, awaits }: Flight<Value>,
    question: MemoQuestion<Value>,
    saw: string | null,
  ): Promise<Attained<Value>> {
    const { store, namespace, origin } = this.#deps
    const { mode, tag, fingerprint } = question
    if (mode === 'BYPASS') return { kind: 'taken' }
    if (store === null) return { kind: 'unavailable' }
    const open = (stored: string) => this.#sight.open(question, stored)
    const key = keyOf(namespace, tag)
    const aim = `${origin}/${fingerprint}`
    const pursuit = { deps: this.#deps, store, policy: this.#policy, key, aim, open, awaits, signal }
    return mode === 'REFRESH' ? takeOver(pursuit) : attain(pursuit, saw)
  }

  /** Has the one who has waited longest compute it, for everyone. */
  async #compute(flight: Flight<Value>, question: MemoQuestion<Value>, hold: Hold): Promise<void> {
    const { first } = flight
    if (first === undefined) return hold.release()
    try {
      if (question.mode === 'USE') this.#deps.report({ kind: 'miss', policy: this.#policy.name, count: 1 })
      const call = { signal: flight.signal, progress: flight.tell }
      // Even when all have left meanwhile: what was computed all the same has been paid.
      const begun = performance.now()
      const value = await first.question.compute(call)
      const ms = performance.now() - begun
      this.#deps.report({ kind: 'loaded', policy: this.#policy.name, count: 1, ms })
      const entry = this.#entryOf(value)
      // Before anyone is answered: whoever asks after that finds it, in any process.
      if (entry !== null && (await hold.put(() => this.#sight.seal(question, entry))))
        this.#keep(flight, question, entry)
      const computedAt = entry?.computedAt ?? this.#deps.now()
      this.#land(flight, (caller) => found({ value, computedAt }, caller === first ? 'COMPUTED' : 'JOINED'))
    } catch (error) {
      await this.#fail(flight, hold, first, error)
    } finally {
      await hold.release()
    }
  }

  /** Tells everyone that it failed, or only the one whose own affair that is. */
  async #fail(flight: Flight<Value>, hold: Hold, first: Caller<Value>, error: unknown): Promise<void> {
    // Then nobody is there to be told, and those who wait elsewhere take over.
    if (flight.signal.aborted) return
    // Whoever comes now finds out by themselves whether they came before the failure was told.
    this.#flights.close(flight)
    const failure = this.#policy.encodeFailure(error)
    await (failure === null ? hold.release() : hold.fail(failure))
    flight.land((caller) => (failure !== null || caller === first ? { kind: 'failed', error } : flight.again(caller)))
  }

  /** It failed elsewhere. Those who came after that try for themselves: nobody is told of what was over before they asked. */
  #failElsewhere(flight: Flight<Value>, { error, lease }: Attained<Value> & { readonly kind: 'failed' }): void {
    this.#land(flight, (caller, saw) => (saw === lease ? { kind: 'failed', error } : flight.again(caller)))
  }

  /** Answers everyone who waits; whoever comes from now on does not join any more. */
  #land(flight: Flight<Value>, landingOf: Parameters<Flight<Value>['land']>[0]): void {
    this.#flights.close(flight)
    flight.land(landingOf)
  }

  /**
   * What can be stored of a value; null when it cannot be written down or is too large, and then it is only answered:
   * the lease is released at once, as those who wait for it elsewhere have to compute it for themselves.
   */
  #entryOf(value: Value): Entry<Value> | null {
    const computedAt = this.#deps.now()
    try {
      const json: string | undefined = written(value, this.#policy)
      if (json === undefined) throw new TypeError('there is no JSON for it')
      if (this.#isTooLarge(json)) {
        this.#deps.report({ kind: 'too-large', policy: this.#policy.name, count: 1 })
        return null
      }
      return { value, json, computedAt, expiresAt: computedAt + this.#policy.ttlMs }
    } catch (error) {
      this.#deps.report({ kind: 'store-failed', during: 'fill', error })
      return null
    }
  }

  #isTooLarge(text: string): boolean {
    const { entryMaxBytes = ENTRY_MAX_BYTES } = this.#deps
    return this.#policy.bytes ? text.length > entryMaxBytes : isTooLarge(text, entryMaxBytes)
  }

  /** Keeps it in memory, unless it was invalidated meanwhile, or somebody has begun to compute it anew. */
  #keep(flight: Flight<Value>, question: MemoQuestion<Value>, entry: Entry<Value>): void {
    if (this.#flights.isOpen(flight)) this.#sight.keep(question, entry, this.#deps.memory.moment)
  }
}

const found = <Value>(
  { value, computedAt }: Pick<Entry<Value>, 'value' | 'computedAt'>,
  from: 'STORED' | 'COMPUTED' | 'JOINED',
): Landing<Value> => ({ kind: 'value', value, computedAt, from, tier: 'L2' })
