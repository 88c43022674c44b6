import { createHash } from 'node:crypto'
import type { ComponentStatus } from '../../src/domain/health.ts'
import type { Lesson } from '../../src/domain/lesson.ts'
import type { TutorReply } from '../../src/domain/reply.ts'
import type { Answer, Call, Preparation, Tutor } from '../../src/replies/tutor.ts'

export interface MemoryTutor extends Tutor {
  /** The lessons that it was asked, in their order, whatever became of them. */
  readonly asked: readonly Lesson[]
  /** Answers from now on by `how`; by default at once. */
  answerBy(how: (lesson: Lesson, call: Call) => Promise<void>): void
  state: ComponentStatus
}

export const TOKENS = { tokensIn: 1000, tokensCached: 500, tokensOut: 100 }

export interface MemoryTutorOptions {
  /** False: as the embedded engine, whose answers cost nothing and are not kept. */
  readonly model?: string | null
  /** A model to ask when the first does not answer. */
  readonly fallback?: string
  readonly usd?: number | null
}

/** A tutor that answers at once, or as a test has it, and remembers what it was asked. */
export function openMemoryTutor({ model = 'a-model', fallback, usd = 0.001 }: MemoryTutorOptions = {}): MemoryTutor {
  const asked: Lesson[] = []
  let how = async (_: Lesson, __: Call) => {}

  const prepare = (lesson: Lesson, name: string | null): Preparation => ({
    fingerprint:
      name &&
      createHash('sha256')
        .update(JSON.stringify([name, lesson]))
        .digest('hex'),
    async ask(call) {
      asked.push(lesson)
      await how(lesson, call)
      call.signal.throwIfAborted()
      const tokens = name === null ? null : TOKENS
      if (name !== null) call.onSpent?.({ model: name, tokens, usd })
      const reply = replyTo(lesson, name)
      for (const piece of reply.reply.split(/(?<= )/)) call.onText?.(piece)
      return { reply, tokens, usd: name === null ? 0 : usd } satisfies Answer
    },
  })

  const tutor: MemoryTutor = {
    asked,
    state: model === null ? 'DISABLED' : 'HEALTHY',
    answerBy(next) {
      how = next
    },
    prepare: (lesson) => [prepare(lesson, model), ...(fallback === undefined ? [] : [prepare(lesson, fallback)])],
    status: () => tutor.state,
    async [Symbol.asyncDispose]() {},
  }
  return tutor
}

/** What it says: a text with „skole“ has one mistake. */
function replyTo({ text, character }: Lesson, model: string | null): TutorReply {
  const wrong = text.includes('skole')
  return {
    reply: `${character === 'HONZIK' ? 'Slyším tě' : 'Slyším vás'}: ${text} A co dál?`,
    correctedText: text.replaceAll('skole', 'škole'),
    mistakes: wrong ? [{ original: 'skole', corrected: 'škole', explanation: 'Chybí háček.' }] : [],
    correctnessScore: wrong ? 75 : 100,
    suggestion: 'Zkus říct víc.',
    newWords: [{ czech: 'škola', translation: 'school', example: 'Škola začíná v osm.' }],
    engine: model === null ? 'EMBEDDED' : 'OPENAI',
    model,
  }
}
