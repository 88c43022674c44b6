import { z } from 'zod'
import { type Said, settled } from '../../domain/reply.ts'
import { Fault } from './fault.ts'

/** Part of every fingerprint: to be raised when the same answer is to be read in another way. */
export const SCHEMA_VERSION = 1

/** What a model is asked for. `reply` is first, since models write in this order, and it can be shown as it comes. */
const Answer = z.object({
  reply: z.string(),
  correctedText: z.string(),
  mistakes: z.array(z.object({ original: z.string(), corrected: z.string(), explanation: z.string() })),
  correctnessScore: z.number(),
  suggestion: z.string(),
  newWords: z.array(z.object({ czech: z.string(), translation: z.string(), example: z.string() })),
})

const { $schema: _, ...schema } = z.toJSONSchema(Answer)

/** The same as `response_format`: strict, so every property is required and no other allowed. */
export const ANSWER_FORMAT = {
  type: 'json_schema' as const,
  json_schema: { name: 'tutor_reply', strict: true, schema },
}

/**
 * What a model wrote, in the right shape but not yet to be believed.
 * @throws Fault `invalid-json` or `schema`
 */
export function readAnswer(content: string): Said {
  const read = Answer.safeParse(parsed(content))
  if (read.success) return read.data
  throw new Fault('schema', 'The model answered in another shape.', { cause: read.error })
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch (error) {
    throw new Fault('invalid-json', 'The model did not answer in JSON.', { cause: error })
  }
}

/** A reply as {@link settled} leaves it. */
export const settledReply = (reply: string): string =>
  settled('', { reply, correctedText: '', mistakes: [], correctnessScore: 0, suggestion: '', newWords: [] }).reply
