import type { Random } from '../../live/random.ts'
import type { TestApp } from '../../support/test-app.ts'
import type { Wire, WireAnswer } from '../../support/wire.ts'
import type { CachedNode } from './cluster.ts'
import { differenceOf, isSame } from './compare.ts'
import type { Question, Questions } from './questions.ts'
import { type Manner, plainly, type Speller } from './spelling.ts'

/** A question as it is put to a node. */
export interface Put {
  readonly question: Question
  readonly manner: Manner
  readonly node: CachedNode
}

export interface JudgeDeps {
  readonly wire: Wire
  readonly questions: Questions
  readonly speller: Speller
  readonly random: Random
  /** Answers without any cache. */
  readonly plain: TestApp
}

/** As many differences are told at length. */
const TOLD = 5

/** Puts questions to nodes with caches and to one without, and compares what they say. */
export class Judge {
  readonly counts = {
    asked: 0,
    cacheable: 0,
    /** Cacheable questions that were answered by what had been kept whole for at least a second. */
    whole: 0,
    /** Compared with an answer by graphql-js itself as well. */
    plainest: 0,
    notModified: 0,
    flawless: 0,
    /** The same question of the same asker, and another answer than before. */
    changed: 0,
    differences: 0,
  }
  readonly differences: string[] = []
  readonly #deps: JudgeDeps
  /** By question, the last answer. */
  readonly #last = new Map<string, string>()
  /** By strong validator, what it stood for. */
  readonly #bodies = new Map<string, string>()
  /** By address and asker, the last validator. */
  readonly #validators = new Map<string, string>()

  constructor(deps: JudgeDeps) {
    this.#deps = deps
  }

  /** Returns the answer's data as text; null where there are errors. */
  async check(put: Put): Promise<string | null> {
    const { question, manner } = put
    const [given, expected] = await Promise.all([this.ask(put), this.#askPlainly(question, manner)])
    if (!isSame(given, expected)) this.#blame(put, differenceOf(given, expected))
    this.#count(put, given)
    if (this.#deps.random.next() < 0.2) await this.#checkPlainest(put, expected)
    return this.#isFlawless(given) ? given.text : null
  }

  /** The node's answer; one that says "not modified" is the one that it means. */
  async ask({ question, manner, node }: Put): Promise<WireAnswer> {
    const { speller, wire } = this.#deps
    const request = speller.spell(question, manner, node.app.url)
    const place = `${question.asker.name} ${request.path} ${manner.gzip}`
    const validator = request.method === 'GET' ? this.#validators.get(place) : undefined
    const headers = { ...request.headers, ...(validator !== undefined && { 'if-none-match': validator }) }
    const answer = await wire.send(node.app.url, { ...request, headers })
    const etag = answer.headers.etag
    if (answer.status === 304) {
      this.counts.notModified += 1
      return { ...answer, status: 200, text: this.#bodies.get(String(etag)) ?? 'a validator that nobody was given' }
    }
    if (etag === undefined) return answer
    this.#bodies.set(etag, answer.text)
    if (request.method === 'GET') this.#validators.set(place, etag)
    return answer
  }

  #askPlainly(question: Question, { type }: Manner, more: Readonly<Record<string, string>> = {}): Promise<WireAnswer> {
    const { wire, plain } = this.#deps
    const { headers, ...request } = plainly(question, type)
    return wire.send(plain.url, { ...request, headers: { ...headers, ...more } })
  }

  /** Past everything that answers queries faster than graphql-js does. */
  async #checkPlainest(put: Put, expected: WireAnswer): Promise<void> {
    this.counts.plainest += 1
    const plainest = { 'x-cache-debug': '1', 'cache-control': 'no-store' }
    this.#blame(put, differenceOf(expected, await this.#askPlainly(put.question, put.manner, plainest)))
  }

  #blame({ question, manner, node }: Put, difference: string | null): void {
    if (difference === null) return
    this.counts.differences += 1
    if (this.differences.length >= TOLD) return
    const { asker, operation } = question
    this.differences.push(
      `${asker.name} asked ${node.app.url} ${JSON.stringify(manner)}: ${JSON.stringify(operation)}\n  ${difference}`,
    )
  }

  #count({ question }: Put, given: WireAnswer): void {
    const { counts } = this
    counts.asked += 1
    const { asker, operation } = question
    if (this.#deps.questions.isCacheable(operation)) {
      counts.cacheable += 1
      if (given.headers['x-cache'] === 'HIT' && Number(given.headers.age) >= 1) counts.whole += 1
    }
    if (!this.#isFlawless(given)) return
    counts.flawless += 1
    const name = `${asker.name} ${JSON.stringify(operation)}`
    if ((this.#last.get(name) ?? given.text) !== given.text) counts.changed += 1
    this.#last.set(name, given.text)
  }

  #isFlawless = ({ text }: WireAnswer): boolean => text.startsWith('{"data":')
}
