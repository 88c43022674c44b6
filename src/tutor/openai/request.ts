import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from 'openai/resources'
import { type Lesson, normalized, type Turn } from '../../domain/lesson.ts'
import { ANSWER_FORMAT, SCHEMA_VERSION } from './answer.ts'

/** What models are told, and how learners' texts are kept apart from it. */
export interface Prompts {
  /** The system prompt. Contains nothing that the learner wrote. */
  systemFor(lesson: Lesson): string
  /** A learner's text between delimiters; those inside of it are made harmless. */
  delimited(text: string): string
  /** Part of every fingerprint. */
  readonly version: number
}

/** A request as it is sent, but for the flags that make its answer come in pieces. */
export type ModelRequest = ChatCompletionCreateParamsNonStreaming

/** Tokens; enough for a corrected message of the greatest length with as many mistakes as anybody reads. */
const MAX_COMPLETION_TOKENS = 4_096

export const requestFor = (model: string, lesson: Lesson, prompts: Prompts): ModelRequest => ({
  model,
  messages: [
    { role: 'system', content: prompts.systemFor(lesson) },
    ...lesson.history.map((turn) => messageOf(turn, prompts)),
    messageOf({ role: 'USER', text: lesson.text }, prompts),
  ],
  response_format: ANSWER_FORMAT,
  max_completion_tokens: MAX_COMPLETION_TOKENS,
})

function messageOf({ role, text }: Turn, prompts: Prompts): ChatCompletionMessageParam {
  // Lessons come normalised; done again, so that what is kept cannot depend on it. Half a character cannot be sent.
  const content = normalized(text.toWellFormed())
  return role === 'USER' ? { role: 'user', content: prompts.delimited(content) } : { role: 'assistant', content }
}

/** Everything that decides an answer. */
export interface Decisive {
  readonly request: ModelRequest
  readonly promptVersion: number
  readonly schemaVersion: number
  readonly namespace: string
}

export const decisive = (request: ModelRequest, promptVersion: number, namespace: string): Decisive => ({
  request,
  promptVersion,
  schemaVersion: SCHEMA_VERSION,
  namespace,
})

/** SHA-256, in lower-case hexadecimal, of the canonical JSON of RFC 8785, in which the order of keys does not matter. */
export const fingerprintOf = (all: Decisive): string =>
  createHash('sha256')
    .update(canonicalize(all) ?? '')
    .digest('hex')
