import { Random } from '../../live/random.ts'
import { openWire, type Wire } from '../../support/wire.ts'
import { Changes } from './changes.ts'
import { type CachedNode, type Cluster, startCluster } from './cluster.ts'
import { Judge, type Put } from './judge.ts'
import { Questions } from './questions.ts'
import { Speller } from './spelling.ts'
import { People } from './viewers.ts'

/** Questions that are likely to be put again. */
const RECENT = 12
/** Seconds before a midnight at most: what is kept must not end before it anyway. */
const EVE_S = 600

/**
 * Two servers with caches and one without answer the same random questions, while random people change what they are
 * about and time passes. Caches must never show.
 */
export class Trial implements AsyncDisposable {
  readonly judge: Judge
  readonly #cluster: Cluster
  readonly #random: Random
  readonly #wire: Wire
  readonly #people: People
  readonly #questions: Questions
  readonly #speller: Speller
  readonly #changes: Changes
  readonly #recent: Put[] = []
  /** Reads that were overtaken by a change on their way. */
  races = 0

  private constructor(cluster: Cluster, seed: number) {
    const random = new Random(seed)
    this.#cluster = cluster
    this.#random = random
    this.#wire = openWire()
    this.#people = new People(cluster)
    this.#questions = new Questions(random, this.#people, cluster.now)
    this.#speller = new Speller(random)
    this.#changes = new Changes(cluster, this.#people, random, this.#wire)
    const { plain } = cluster
    this.judge = new Judge({ plain, random, wire: this.#wire, questions: this.#questions, speller: this.#speller })
  }

  static async start(seed: number): Promise<Trial> {
    const trial = new Trial(await startCluster(), seed)
    await trial.#people.create(6)
    return trial
  }

  get changes(): number {
    return this.#changes.made
  }

  /** Whatever the servers wrote down as a warning or worse. */
  get complaints(): readonly string[] {
    return this.#cluster.complaints
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { link } of this.#cluster.nodes) link.letMessagesGo()
    this.#wire[Symbol.dispose]()
    await this.#cluster[Symbol.asyncDispose]()
  }

  /** Asks as many questions, or fewer once answers have differed. */
  async run(operations: number): Promise<void> {
    const { counts } = this.judge
    while (counts.asked < operations && counts.differences === 0) await this.#step()
  }

  async #step(): Promise<void> {
    // Whatever is as old as a second was not made for this step's questions.
    this.#cluster.pass({ seconds: 1 })
    const chance = this.#random.next()
    if (chance < 0.11) await this.#change()
    else if (chance < 0.15) await this.#race()
    else if (chance < 0.16) await this.#seeMidnight()
    else if (chance < 0.18) this.#cluster.pass({ seconds: 20 + this.#random.below(300) })
    else if (chance < 0.23) this.#disturb(this.#random.of(this.#cluster.nodes))
    else await this.#round()
  }

  /** Most often everybody then looks again at what they have seen. */
  async #change(): Promise<void> {
    await this.#changes.make(this.#random.of(this.#cluster.nodes))
    if (this.#random.next() < 0.7) await Promise.all(this.#recent.splice(0).map((put) => this.#put(put)))
  }

  /** Some questions at the same moment, now and then one of them by many. */
  async #round(): Promise<void> {
    const puts: Put[] = []
    for (let left = 1 + this.#random.below(6); left > 0; left -= 1) puts.push(await this.#next())
    if (this.#random.next() < 0.2) puts.push(...puts.slice(0, 1), ...puts.slice(0, 1))
    await Promise.all(puts.map((put) => this.#put(put)))
  }

  async #put(put: Put): Promise<void> {
    const text = await this.judge.check(put)
    // Whoever is refused, or told nothing that could change, seldom asks again.
    const isWorthwhile = text !== null && text.length > 80 && !/"__(schema|type)"/.test(text)
    if (this.#random.next() > (isWorthwhile ? 0.9 : 0.05)) return
    if (this.#recent.length < RECENT) this.#recent.push(put)
    else this.#recent[this.#random.below(RECENT)] = put
  }

  /** One that was put lately, as it was or a little otherwise, or a new one. */
  async #next(): Promise<Put> {
    const random = this.#random
    const chance = random.next()
    if (this.#recent.length < 5 || chance < 0.1) return this.#putAnew(await this.#questions.fresh())
    const put = random.of(this.#recent)
    if (chance < 0.75) return put
    if (chance < 0.81) return this.#putAnew(put.question)
    if (chance < 0.9) return { ...put, question: this.#questions.altered(put.question) }
    return { ...put, question: await this.#questions.byAnother(put.question) }
  }

  #putAnew = (question: Put['question']): Put => ({
    question,
    manner: this.#speller.manner(),
    node: this.#random.of(this.#cluster.nodes),
  })

  /**
   * A read that is overtaken: what it has seen is handed over only after something has changed. Whoever asks after the
   * change has nothing to do with it, be it still under way or just done.
   */
  async #race(): Promise<void> {
    const random = this.#random
    const about = random.of(this.#people.ids)
    const put = this.#putAnew(await this.#questions.about(about))
    await this.#changes.forget(about, put.node)
    const held = put.node.gate.arm()
    const overtaken = this.judge.ask(put)
    const isHeld = await Promise.race([held.reached.then(() => true), overtaken.then(() => false)])
    if (!isHeld) held.release()
    else this.races += 1
    await this.#changes.make(random.of(this.#cluster.nodes), about)
    if (random.next() < 0.5) {
      held.release()
      await overtaken
      await turns()
      await this.#put(put)
    } else {
      const after = this.#put(put)
      await turns()
      held.release()
      await Promise.all([after, overtaken])
    }
    await this.#put(put)
  }

  /** Some learner's today becomes yesterday, and everybody asks what they have just asked once more. */
  async #seeMidnight(): Promise<void> {
    const { now, pass, nodes } = this.#cluster
    const id = this.#random.of(this.#people.ids)
    const eve = 5 + this.#random.below(EVE_S)
    const local = now().toZonedDateTimeISO(await this.#people.zoneOf(id))
    const wait = Math.floor(local.until(local.add({ days: 1 }).startOfDay()).total('seconds'))
    pass({ seconds: Math.max(0, wait - eve) })
    for (const { link } of nodes) if (this.#random.next() < 0.3) link.failOnce(this.#random.below(4))
    const puts = this.#recent.splice(0)
    while (puts.length < RECENT) puts.push(this.#putAnew(await this.#questions.about(id)))
    await Promise.all(puts.map((put) => this.judge.check(put)))
    pass({ seconds: eve })
    await Promise.all(puts.map((put) => this.#put(put)))
  }

  /** Its messages are late from now on, or on time again, or its store fails once. */
  #disturb({ link }: CachedNode): void {
    const chance = this.#random.next()
    if (chance < 0.2) link.holdMessages()
    else if (chance < 0.5) link.letMessagesGo()
    else link.failOnce(this.#random.below(4))
  }
}

/** Lets whatever is on its way within this process arrive. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
