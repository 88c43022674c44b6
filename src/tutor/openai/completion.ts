import type { OpenAI } from 'openai'
import { z } from 'zod'
import type { Tokens } from '../../domain/usage.ts'
import { Fault } from './fault.ts'
import type { ModelRequest } from './request.ts'

/** No answer takes more, and an Int of GraphQL holds no more. */
const COUNT_MAX = 2 ** 31 - 1

/** Tokens of an answer. */
export const count = z.int().nonnegative().max(COUNT_MAX)
const Text = z.string().nullish()
// Servers that only call themselves compatible leave this out or fill it in their own way; the answer is good all the same.
const Usage = z
  .object({
    prompt_tokens: count,
    completion_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
  })
  .nullish()
  .catch(null)
const Whole = z.object({
  choices: z.array(z.object({ finish_reason: Text, message: z.object({ content: Text, refusal: Text }) })).min(1),
  usage: Usage,
})
const Chunk = z.object({
  choices: z.array(z.object({ finish_reason: Text, delta: z.object({ content: Text, refusal: Text }).nullish() })),
  usage: Usage,
})

/** What hears of an answer as it comes. */
export interface Hearing {
  /** Is given what the model writes, piece by piece. */
  readonly piece: (piece: string) => void
  /** Is told what the answer took as soon as the server says it, whether or not the answer is of any use. */
  readonly counted: (tokens: Tokens) => void
}

/**
 * What a model wrote, in one piece.
 * @throws Fault, and whatever the SDK throws
 */
export async function complete(
  client: OpenAI,
  request: ModelRequest,
  signal: AbortSignal,
  { counted }: Pick<Hearing, 'counted'>,
): Promise<string> {
  const answer: unknown = await client.chat.completions.create(request, { signal })
  if (typeof answer !== 'object') throw new Fault('invalid-json', 'The server did not answer in JSON.')
  const { choices, usage } = shaped(Whole, answer)
  const [choice] = choices
  if (usage) counted(tokensOf(usage))
  refuseUnfinished(choice?.finish_reason, choice?.message.refusal)
  return choice?.message.content ?? ''
}

/**
 * What a model wrote, heard as it came.
 * @throws Fault, whatever the SDK throws, and what is thrown by who hears it
 */
export async function stream(
  client: OpenAI,
  request: ModelRequest,
  signal: AbortSignal,
  { piece: heard, counted }: Hearing,
): Promise<string> {
  const flags = { stream: true, stream_options: { include_usage: true } } as const
  const chunks: AsyncIterable<unknown> = await client.chat.completions.create({ ...request, ...flags }, { signal })
  let content = ''
  let refusal = ''
  let finish: string | null | undefined
  for await (const chunk of unbroken(chunks)) {
    const { choices, usage } = shaped(Chunk, chunk)
    const [choice] = choices
    const piece = choice?.delta?.content ?? ''
    content += piece
    refusal += choice?.delta?.refusal ?? ''
    finish = choice?.finish_reason ?? finish
    if (usage) counted(tokensOf(usage))
    if (piece !== '') heard(piece)
  }
  refuseUnfinished(finish, refusal)
  // The SDK ends a stream that was aborted, or that has just stopped, as if it were complete.
  if (finish === undefined) throw new Fault('connection', 'The answer broke off.')
  return content
}

/** The SDK cannot read what is left of an event when a stream ends in the middle of one. */
async function* unbroken(chunks: AsyncIterable<unknown>): AsyncIterable<unknown> {
  try {
    yield* chunks
  } catch (error) {
    throw error instanceof SyntaxError ? new Fault('connection', 'The answer broke off.', { cause: error }) : error
  }
}

function shaped<Shape>(shape: z.ZodType<Shape>, answer: unknown): Shape {
  const read = shape.safeParse(answer)
  if (read.success) return read.data
  throw new Fault('schema', 'The server does not answer as chat completions do.', { cause: read.error })
}

function refuseUnfinished(finish: string | null | undefined, refusal: string | null | undefined): void {
  if (refusal || finish === 'content_filter') throw new Fault('refusal', 'The model refused to answer.')
  if (finish === 'length') throw new Fault('length', 'The answer was longer than it may be.')
}

function tokensOf(usage: NonNullable<z.infer<typeof Usage>>): Tokens {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0
  return {
    tokensIn: usage.prompt_tokens,
    tokensCached: Math.min(cached, usage.prompt_tokens),
    tokensOut: usage.completion_tokens,
  }
}
