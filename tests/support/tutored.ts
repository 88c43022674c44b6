import type { Config, OpenAIConfig } from '../../src/config.ts'
import type { World } from '../../src/open.ts'
import { openMemoryDatabase } from './memory-database.ts'
import { type MemoryTutor, type MemoryTutorOptions, openMemoryTutor } from './memory-tutor.ts'
import { createLearner } from './people.ts'
import { type GraphQLAnswer, NOW, startTestApp, type TestApp } from './test-app.ts'

export interface Tutored extends TestApp {
  readonly tutor: MemoryTutor
  /** Lets time pass. */
  pass(duration: Temporal.DurationLike): void
  /** A new learner, with a way to ask as that learner. */
  learner(input?: Record<string, unknown>): Promise<Learner>
  /** Asks as somebody of the staff who is no learner. */
  asStaff(query: string, variables?: Record<string, unknown>): Promise<GraphQLAnswer>
}

export interface Learner {
  readonly id: number
  readonly token: string
  ask(query: string, variables?: Record<string, unknown>): Promise<GraphQLAnswer>
}

const OPENAI: OpenAIConfig = {
  apiKey: null,
  baseUrl: 'http://nowhere.invalid/v1',
  model: 'a-model',
  fallbackModel: null,
  transcriptionModel: 'a-hearing-model',
  speechModel: 'a-speaking-model',
  timeoutMs: 8_000,
  prices: new Map(),
  dailyLimit: null,
}

export interface TutoredOptions {
  readonly tutor?: MemoryTutorOptions
  readonly openai?: Partial<OpenAIConfig>
  readonly config?: Partial<Config>
  readonly world?: Partial<World>
}

/** The server over a tutor in memory and, unless the world has another, a database in memory. */
export async function startTutored({ tutor: options, openai, config, world }: TutoredOptions = {}): Promise<Tutored> {
  let now = NOW
  const tutor = openMemoryTutor(options)
  const app = await startTestApp(
    { openDatabase: async () => openMemoryDatabase(), clock: () => now, openTutor: async () => tutor, ...world },
    { openai: { ...OPENAI, ...openai }, ...config },
  )
  return {
    ...app,
    tutor,
    pass(duration) {
      now = now.add(duration)
    },
    async learner(input) {
      const id = await createLearner(app, input)
      const token = await app.tokenOf('user', id)
      return { id, token, ask: (query, variables) => app.ask(query, variables, token) }
    },
    asStaff: async (query, variables) => app.ask(query, variables, await app.tokenOf('staff', 999_999)),
  }
}
