import OpenAI from 'openai'
import { HonzikError } from '../../domain/error.ts'
import type { Lesson } from '../../domain/lesson.ts'
import { type Said, settled } from '../../domain/reply.ts'
import { costOf, type Price, type Tokens } from '../../domain/usage.ts'
import type { Answer, Call, Preparation, TutorReporter } from '../../replies/tutor.ts'
import { readAnswer } from './answer.ts'
import { Attempts } from './attempts.ts'
import { type BreakerOptions, ModelBreaker } from './breaker.ts'
import { complete, type Hearing, stream } from './completion.ts'
import { Deadline, type Monotonic } from './deadline.ts'
import { Abandoned, Fault, faultOf } from './fault.ts'
import { Leaks } from './leak.ts'
import { ReplyStream } from './reply-stream.ts'
import { decisive, fingerprintOf, type ModelRequest, type Prompts, requestFor } from './request.ts'

export interface ModelOptions {
  /** As the server knows it. */
  readonly name: string
  readonly apiKey: string
  readonly baseUrl: string
  /** Milliseconds for an answer, repeated attempts included. */
  readonly timeoutMs: number
  /** How often a failed attempt is repeated. */
  readonly maxRetries: number
  /** Null when it is not known. */
  readonly price: Price | null
  readonly namespace: string
  readonly prompts: Prompts
  readonly report: TutorReporter
  readonly breaker: BreakerOptions
  readonly clock: Monotonic
}

/** One model behind the API: asks it, and believes nothing of what it says. */
export class Model implements Disposable {
  readonly #options: ModelOptions
  readonly #breaker: ModelBreaker
  readonly #underWay = new Set<Deadline>()

  constructor(options: ModelOptions) {
    this.#options = options
    this.#breaker = new ModelBreaker(options.breaker, (state) =>
      options.report({ kind: 'breaker', model: options.name, state }),
    )
  }

  /** Whether it is asked as usual. */
  get isAsked(): boolean {
    return this.#breaker.isClosed
  }

  prepare(lesson: Lesson): Preparation {
    const { name, prompts, namespace } = this.#options
    const request = requestFor(name, lesson, prompts)
    return {
      fingerprint: fingerprintOf(decisive(request, prompts.version, namespace)),
      ask: (call) => this.#ask(request, lesson, call),
    }
  }

  /** Ends what is under way. */
  [Symbol.dispose](): void {
    for (const deadline of this.#underWay) deadline.cut(new Error('The tutor was closed.'))
  }

  async #ask(request: ModelRequest, lesson: Lesson, call: Call): Promise<Answer> {
    call.signal.throwIfAborted()
    const { name: model, timeoutMs, clock, report } = this.#options
    const began = clock()
    using deadline = new Deadline(timeoutMs, call.signal, clock)
    this.#underWay.add(deadline)
    try {
      const answer = await this.#breaker.run(() => this.#answer(request, lesson, call, deadline))
      const { tokens, usd } = answer
      report({ kind: 'answered', model, tokens, usd, milliseconds: clock() - began })
      return answer
    } catch (error) {
      if (error instanceof Abandoned) throw call.signal.reason
      const { trouble, retryAfterSeconds, cause = error } = faultOf(error)
      report({ kind: 'failed', model, trouble, error: cause, milliseconds: clock() - began })
      throw unavailable(retryAfterSeconds, error)
    } finally {
      this.#underWay.delete(deadline)
    }
  }

  /** @throws Fault; Abandoned when the caller gave up */
  async #answer(request: ModelRequest, lesson: Lesson, call: Call, deadline: Deadline): Promise<Answer> {
    const { name: model, price, apiKey } = this.#options
    const attempts = new Attempts(apiKey, deadline)
    let tokens: Tokens | null = null
    const counted = (took: Tokens) => {
      tokens = took
    }
    try {
      const said = await this.#said(request, lesson, call.onText, { deadline, attempts, counted })
      return { reply: { ...said, engine: 'OPENAI', model }, tokens, usd: costOf(tokens, price) }
    } catch (error) {
      if (deadline.isAbandoned) throw new Abandoned()
      throw deadline.isOver ? late(attempts, error) : faultOf(error)
    } finally {
      if (attempts.mayCost) call.onSpent?.({ model, tokens, usd: costOf(tokens, price) })
    }
  }

  async #said(
    request: ModelRequest,
    { text }: Lesson,
    onText: Call['onText'],
    { deadline: { signal }, attempts, counted }: Asking,
  ): Promise<Said> {
    const leaks = new Leaks(request, this.#options.prompts)
    const replies = onText && new ReplyStream({ leaks, onText })
    const client = this.#client(attempts)
    const content = replies
      ? await stream(client, request, signal, { counted, piece: (json) => replies.write(json) })
      : await complete(client, request, signal, { counted })
    const said = believed(text, content, leaks)
    replies?.finish(said.reply)
    return said
  }

  /** Everything that the SDK would otherwise look up in the environment is given, or given as not there. */
  #client({ fetch }: Attempts): OpenAI {
    const { apiKey, baseUrl: baseURL, timeoutMs: timeout, maxRetries } = this.#options
    const nothing = { adminAPIKey: null, organization: null, project: null, webhookSecret: null }
    return new OpenAI({ ...nothing, apiKey, baseURL, fetch, timeout, maxRetries, logLevel: 'off' })
  }
}

/** What is going on while a model is asked. */
interface Asking extends Pick<Hearing, 'counted'> {
  readonly deadline: Deadline
  readonly attempts: Attempts
}

function believed(text: string, content: string, leaks: Leaks): Said {
  const answer = readAnswer(content)
  leaks.refuse(answer)
  const said = settled(text, answer)
  // Once more: what was left out may have stood between the letters.
  leaks.refuse(said)
  if (isEmpty(said.reply)) throw new Fault('schema', 'The model said nothing.')
  return said
}

/** Halves of characters have become replacement characters by the time a reply is settled. */
const isEmpty = (reply: string): boolean => /^[\s\uFFFD]*$/u.test(reply)

/** The time ran out: while an attempt was under way, or while waiting to repeat one, which is then what was wrong. */
function late({ failure, hasBegun }: Attempts, error: unknown): Fault {
  if (failure !== undefined) return faultOf(failure)
  return new Fault('timeout', 'The model did not answer in time.', { cause: error, hasBegun })
}

const unavailable = (retryAfterSeconds: number | undefined, cause: unknown): HonzikError =>
  new HonzikError('UPSTREAM_UNAVAILABLE', 'The tutor cannot answer at the moment; please try again later.', {
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    cause,
  })
