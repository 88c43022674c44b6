import type { Lesson } from '../../domain/lesson.ts'
import { type Said, settled } from '../../domain/reply.ts'
import type { Answer, Call, Preparation } from '../../replies/tutor.ts'
import { readAnswer } from './answer.ts'
import { type Asking, Calling, type CallingOptions } from './calling.ts'
import { type ClientOptions, createClient } from './client.ts'
import { complete, stream } from './completion.ts'
import { Fault } from './fault.ts'
import { Leaks } from './leak.ts'
import { ReplyStream } from './reply-stream.ts'
import { decisive, fingerprintOf, type ModelRequest, type Prompts, requestFor } from './request.ts'

export interface ModelOptions extends CallingOptions, ClientOptions {
  readonly namespace: string
  readonly prompts: Prompts
}

/** One model behind the API: asks it, and believes nothing of what it says. */
export class Model implements Disposable {
  readonly #options: ModelOptions
  readonly #calling: Calling

  constructor(options: ModelOptions) {
    this.#options = options
    this.#calling = new Calling(options)
  }

  /** Whether it is asked as usual. */
  get isAsked(): boolean {
    return this.#calling.isAsked
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
    this.#calling[Symbol.dispose]()
  }

  async #ask(request: ModelRequest, lesson: Lesson, call: Call): Promise<Answer> {
    const asked = (asking: Asking) => this.#said(request, lesson, call.onText, asking)
    const { value, tokens, usd } = await this.#calling.run(call, asked)
    return { reply: { ...value, engine: 'OPENAI', model: this.#options.name }, tokens, usd }
  }

  async #said(
    request: ModelRequest,
    { text }: Lesson,
    onText: Call['onText'],
    { deadline: { signal }, attempts, counted }: Asking,
  ): Promise<Said> {
    const leaks = new Leaks(request, this.#options.prompts)
    const replies = onText && new ReplyStream({ leaks, onText })
    const client = createClient(this.#options, attempts)
    const content = replies
      ? await stream(client, request, signal, { counted, piece: (json) => replies.write(json) })
      : await complete(client, request, signal, { counted })
    const said = believed(text, content, leaks)
    replies?.finish(said.reply)
    return said
  }
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
