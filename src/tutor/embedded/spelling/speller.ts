import { Worker } from 'node:worker_threads'
import { HonzikError, unavailable } from '../../../domain/error.ts'
import type { Checked } from './checked.ts'
import type { Answered, Asked, SpellingData } from './protocol.ts'

export interface SpellerOptions {
  readonly spawn: () => Worker
  /** Milliseconds without an answer after which a worker that has questions is given up. */
  readonly patienceMs: number
}

interface Question {
  readonly text: string
  readonly settle: (result: PromiseSettledResult<Checked | null>) => void
  /** Workers that have been asked it. */
  tries: number
}

/** A question that two workers died of is likely to be the reason. */
const TRIES_MAX = 2

/** @param folder of the dictionary; null for the installed one */
export function spawnSpeller(folder: URL | null): Worker {
  const workerData: SpellingData = { folder: folder?.href ?? null }
  // Flags of this process that are about its own script, such as `--input-type`, would break the worker's.
  return new Worker(new URL('./worker.ts', import.meta.url), { workerData, name: 'spelling', execArgv: [] })
}

/**
 * The spelling checker behind its thread. There is at most one worker: it starts with the first question, or before,
 * and one that died is replaced when there are questions. Keeps the process alive only while somebody waits.
 */
export class Speller implements AsyncDisposable {
  readonly #options: SpellerOptions
  readonly #questions = new Map<number, Question>()
  #worker: Worker | null = null
  #nextId = 1
  #closed = false
  #patience: NodeJS.Timeout | undefined

  constructor(options: SpellerOptions) {
    this.#options = options
  }

  /** Makes ready for the first question. */
  start(): void {
    if (!this.#closed) this.#worker ??= this.#spawned()
  }

  /**
   * @returns null when there is no dictionary
   * @throws HonzikError UPSTREAM_UNAVAILABLE when the checker fails twice; the signal's reason when it is aborted
   */
  async check(text: string, signal: AbortSignal): Promise<Checked | null> {
    signal.throwIfAborted()
    if (this.#closed) throw closed()
    this.start()
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<Checked | null>()
    const settle: Question['settle'] = (result) => {
      signal.removeEventListener('abort', abort)
      this.#questions.delete(id)
      if (this.#questions.size === 0) this.#rest()
      if (result.status === 'fulfilled') resolve(result.value)
      else reject(result.reason)
    }
    const abort = () => settle({ status: 'rejected', reason: signal.reason })
    signal.addEventListener('abort', abort)
    const question: Question = { text, settle, tries: 0 }
    this.#questions.set(id, question)
    this.#ask(id, question)
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    this.#worker = null
    this.#giveUp([...this.#questions.values()], closed())
    await worker?.terminate()
  }

  #ask(id: number, question: Question): void {
    question.tries += 1
    const asked: Asked = { id, text: question.text }
    this.#worker?.ref()
    this.#worker?.postMessage(asked)
    // Whoever waits at the end of a long queue waits as long as answers keep coming.
    if (this.#patience === undefined) this.#watch()
  }

  #spawned(): Worker {
    const worker = this.#options.spawn()
    let cause: unknown
    worker.unref()
    worker.on('message', ({ id, checked }: Answered) => {
      this.#questions.get(id)?.settle({ status: 'fulfilled', value: checked })
      if (this.#worker === worker && this.#questions.size > 0) this.#watch()
    })
    worker.on('error', (error) => {
      cause = error
    })
    worker.on('exit', () => this.#onExit(worker, cause))
    return worker
  }

  /** What a worker leaves unanswered goes to the next one, but not for ever. */
  #onExit(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = null
    const error = new HonzikError('UPSTREAM_UNAVAILABLE', 'The spelling checker failed.', { cause })
    this.#giveUp(
      [...this.#questions.values()].filter(({ tries }) => tries >= TRIES_MAX),
      error,
    )
    if (this.#questions.size === 0) return
    this.start()
    for (const [id, question] of this.#questions) this.#ask(id, question)
  }

  #giveUp(questions: readonly Question[], reason: unknown): void {
    for (const { settle } of questions) settle({ status: 'rejected', reason })
  }

  /** Gives a worker up that has stopped answering; its exit does the rest. */
  #watch(): void {
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => {
      this.#patience = undefined
      void this.#worker?.terminate()
    }, this.#options.patienceMs)
    this.#patience.unref()
  }

  #rest(): void {
    clearTimeout(this.#patience)
    this.#patience = undefined
    this.#worker?.unref()
  }
}

const closed = (): HonzikError => unavailable('The tutor is shutting down.')
