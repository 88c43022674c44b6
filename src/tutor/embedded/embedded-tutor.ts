import type { Worker } from 'node:worker_threads'
import type { Lesson } from '../../domain/lesson.ts'
import type { Answer, Call, Tutor } from '../../replies/tutor.ts'
import { answer } from './answer.ts'
import { Speller, spawnSpeller } from './spelling/speller.ts'

export interface EmbeddedTutorOptions {
  /** The folder of a Hunspell dictionary, `index.aff` and `index.dic`, with a slash at its end. The installed one when left out. */
  readonly dictionary?: URL
  /** Milliseconds without any answer after which a checker that has questions is started anew. */
  readonly patienceMs?: number
  /** Starts the thread that checks. */
  readonly spawn?: () => Worker
}

/** Many times what the slowest text takes, and the start on a busy machine. */
const PATIENCE_MS = 15_000

/**
 * The tutor inside this process, for when no model is configured. It knows how Czech words are spelled and nothing
 * else, and says so. Its thread starts right after this returns, and not before.
 */
export function openEmbeddedTutor(options: EmbeddedTutorOptions = {}): Tutor {
  const { dictionary = null, patienceMs = PATIENCE_MS, spawn = () => spawnSpeller(dictionary) } = options
  const speller = new Speller({ spawn, patienceMs })
  const starting = setImmediate(() => speller.start())
  return {
    prepare: (lesson) => [{ fingerprint: null, ask: (call) => ask(lesson, speller, call) }],
    status: () => 'DISABLED',
    async [Symbol.asyncDispose]() {
      clearImmediate(starting)
      await speller[Symbol.asyncDispose]()
    },
  }
}

async function ask(lesson: Lesson, speller: Speller, { signal, onText }: Call): Promise<Answer> {
  const reply = answer(lesson, await speller.check(lesson.text, signal))
  for (const piece of piecesOf(reply.reply)) onText?.(piece)
  return { reply, tokens: null, usd: 0 }
}

/** A reply sentence by sentence. */
const piecesOf = (reply: string): string[] => reply.split(/(?<=[.!?] )/u)
