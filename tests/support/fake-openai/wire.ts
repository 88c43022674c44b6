import type { FakeAnswer } from './teacher.ts'
import type { Trouble } from './trouble.ts'

/** How a request ended. */
export type Ended = 'answered' | 'closed by the client' | 'closed by the fake'

/** The part of a request that the fake looks at. */
export interface Asked {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
}

/** What goes into an answer, whole or in pieces. */
export interface Speech {
  readonly content: string | null
  readonly refusal: string | null
  readonly finish: string
  /** Undefined: nothing is said of it. */
  readonly usage: unknown
}

/** @param answer what is said when nothing goes wrong */
export function speechOf({ messages }: Asked, answer: FakeAnswer, trouble: Trouble | undefined): Speech {
  const content = JSON.stringify(answer)
  const usual = { content, refusal: null, finish: 'stop', usage: usageOf(messages, content) }
  switch (trouble?.kind) {
    case 'refusal':
      return { ...usual, content: null, refusal: 'S tím nemohu pomoci.' }
    case 'content-filter':
      return { ...usual, content: '', finish: 'content_filter' }
    case 'length':
      return { ...usual, content: usual.content.slice(0, usual.content.length / 2), finish: 'length' }
    case 'content':
      return { ...usual, content: textOf(trouble.content) }
    case 'answer':
      return { ...usual, content: JSON.stringify({ ...answer, ...trouble.changes }) }
    case 'usage':
      return { ...usual, usage: trouble.usage }
    default:
      return usual
  }
}

const textOf = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content))

const ABOUT = { id: 'chatcmpl-fake', created: 1_700_000_000 }

export function wholeOf({ model }: Asked, { content, refusal, finish, usage }: Speech): string {
  const message = { role: 'assistant', content, refusal }
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }]
  return JSON.stringify({ ...ABOUT, object: 'chat.completion', model, choices, usage })
}

/** Server-sent events, the last of them `[DONE]`. The pieces are cut anywhere, through characters, too. */
export function eventsOf(asked: Asked, speech: Speech, pieceLength: number): string[] {
  const { model, stream_options: options } = asked
  const { content, refusal, finish, usage } = speech
  const event = (delta: object, end: string | null = null) =>
    eventWith({ choices: [{ index: 0, delta, logprobs: null, finish_reason: end }] }, model)
  return [
    event({ role: 'assistant', content: '', refusal: null }),
    ...piecesOf(content ?? '', pieceLength).map((piece) => event({ content: piece })),
    ...piecesOf(refusal ?? '', pieceLength).map((piece) => event({ refusal: piece })),
    event({}, finish),
    ...(usage !== undefined && options?.include_usage ? [eventWith({ choices: [], usage }, model)] : []),
    'data: [DONE]\n\n',
  ]
}

const eventWith = (rest: object, model: string): string =>
  `data: ${JSON.stringify({ ...ABOUT, object: 'chat.completion.chunk', model, ...rest })}\n\n`

export const errorOf = (code: string): string =>
  JSON.stringify({ error: { message: `The fake says ${code}.`, type: code, param: null, code } })

function piecesOf(text: string, length: number): string[] {
  const count = Math.ceil(text.length / length)
  return Array.from({ length: count }, (_, index) => text.slice(index * length, (index + 1) * length))
}

/** A token for four characters; of the system prompt, what fills blocks of 128 counts as cached, as it does there. */
export function usageOf(messages: Asked['messages'], content: string) {
  const tokens = (text: string) => Math.ceil(text.length / 4)
  const prompt = messages.reduce((sum, message) => sum + tokens(message.content) + 4, 0)
  const system = tokens(messages.find(({ role }) => role === 'system')?.content ?? '')
  const completion = tokens(content)
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 128 * Math.floor(system / 128) },
  }
}
