import { createChance, createZipf } from '../world/chance.ts'
import { makePhrases } from './phrases.ts'

/** One thing that one learner says. */
export interface Saying {
  /** Which of the learners. */
  readonly learner: number
  readonly text: string
  /** Milliseconds since the trace began. */
  readonly at: number
}

export interface TraceOptions {
  readonly messages: number
  readonly learners: number
  readonly phrases: number
  readonly seed: number
}

const MINUTE = 60_000
/** Messages of a conversation, on average. */
const CONVERSATION = 4
/** Between messages of a conversation, at most. */
const PAUSE_MS = 4 * MINUTE
/** Over which each learner's conversations begin at random. */
const SPAN_MS = 7 * 24 * 60 * MINUTE

/**
 * What learners say in a week: each phrase is drawn by Zipf's law from 3,000 of them, and they come in conversations of
 * four on average (geometric), with pauses of up to four minutes. In the order of time; the same for the same seed.
 */
export function makeTrace({ messages, learners, phrases, seed }: TraceOptions): readonly Saying[] {
  const chance = createChance(seed)
  const draw = createZipf(makePhrases(phrases, seed), chance)
  const sayings: Saying[] = []
  while (sayings.length < messages) {
    const learner = Math.floor(chance() * learners)
    let at = chance() * SPAN_MS
    do {
      sayings.push({ learner, text: draw(), at })
      at += chance() * PAUSE_MS
    } while (chance() > 1 / CONVERSATION)
  }
  return sayings.slice(0, messages).toSorted((one, other) => one.at - other.at)
}
