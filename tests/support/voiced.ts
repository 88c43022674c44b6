import { expect } from 'vitest'
import { wav } from './audio/wav.ts'
import { eventually } from './eventually.ts'
import { type MemoryDatabase, openMemoryDatabase } from './memory-database.ts'
import { type MemoryVoice, openMemoryVoice } from './memory-voice.ts'
import { file, formOf, map, operations } from './multipart.ts'
import { at, type GraphQLAnswer } from './test-app.ts'
import { type Learner, startTutored, type Tutored, type TutoredOptions } from './tutored.ts'

/** A job as the tests look at it. */
export interface SeenJob {
  readonly id: string
  readonly status: string
  readonly stage: string | null
  readonly attempts: number
  readonly error: { readonly code: string; readonly retryable: boolean; readonly stage: string } | null
  readonly userMessage: { readonly id: string; readonly text: string } | null
  readonly result: { readonly assistantMessage: { readonly id: string; readonly text: string } } | null
  readonly speech: { readonly url: string; readonly contentType: string; readonly bytes: number } | null
}

export const JOB = `id status stage attempts progress
  error { code message stage retryable retryAfterSeconds }
  userMessage { id text answered }
  result { starsEarned assistantMessage { id text speech { bytes } } }
  speech { url expiresAt contentType bytes }`

export const SAY = `mutation Say($input: SendVoiceMessageInput!) { sendVoiceMessage(input: $input) { ${JOB} } }`

export interface Voiced extends Tutored {
  /** One that is never asked where the app was started without. */
  readonly voice: MemoryVoice
  readonly database: MemoryDatabase
  /** Sends a recording as the learner. */
  say(learner: Learner, audio?: Uint8Array, input?: Record<string, unknown>): Promise<GraphQLAnswer>
  /** The same for a recording that is taken: the job's id. */
  said(learner: Learner, audio?: Uint8Array, input?: Record<string, unknown>): Promise<string>
  job(learner: Learner, id: string): Promise<SeenJob>
  /** The job once it is in this state; by default once all is done. */
  ended(learner: Learner, id: string, status?: string): Promise<SeenJob>
}

export interface VoicedOptions extends TutoredOptions {
  readonly voice?: MemoryVoice | null
  readonly database?: MemoryDatabase
}

/** The server over a voice, a tutor and a database in memory. */
export async function startVoiced(options: VoicedOptions = {}): Promise<Voiced> {
  const { voice = openMemoryVoice(), database = openMemoryDatabase(), world, ...rest } = options
  const app = await startTutored({
    ...rest,
    world: { openDatabase: async () => database, openVoice: async () => voice, ...world },
  })
  const say: Voiced['say'] = async ({ token }, audio = wav(1), input = {}) => {
    const answer = await upload(app, token, { query: SAY, variables: { input: { ...input, audio: null } } }, audio)
    return (await answer.json()) as GraphQLAnswer
  }
  const job: Voiced['job'] = async (learner, id) => {
    const answer = await learner.ask(`query ($id: ID!) { job(id: $id) { ${JOB} } }`, { id })
    expect(answer.errors).toBeUndefined()
    return at(answer, 'data', 'job') as SeenJob
  }
  return {
    ...app,
    voice: voice ?? openMemoryVoice(),
    database,
    say,
    async said(learner, audio, input) {
      const answer = await say(learner, audio, input)
      expect(answer.errors).toBeUndefined()
      return String(at(answer, 'data', 'sendVoiceMessage', 'id'))
    },
    job,
    ended: (learner, id, status = 'SUCCEEDED') =>
      eventually(async () => {
        const seen = await job(learner, id)
        expect(seen.status).toBe(status)
        return seen
      }),
  }
}

/** Sends an operation with a file for its `input.audio`. */
export function upload(
  { url }: Pick<Tutored, 'url'>,
  token: string,
  operation: object,
  audio: Uint8Array,
): Promise<Response> {
  const { headers, body } = formOf(operations(operation), map({ 0: ['variables.input.audio'] }), file(audio))
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${token}` },
    body: new Uint8Array(body),
  })
}
