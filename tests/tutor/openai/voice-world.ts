import { createHash } from 'node:crypto'
import type { Spending, TutorEvent } from '../../../src/replies/tutor.ts'
import type { Heard, Line, Spoken, Voice } from '../../../src/replies/voice.ts'
import { type ModelVoiceOptions, openModelVoice } from '../../../src/tutor/openai/openai-voice.ts'
import { eventually } from '../../support/eventually.ts'
import { type FakeOpenAI, startFakeOpenAI } from '../../support/fake-openai/fake-openai.ts'
import type { Came } from '../../support/fake-openai/voice.ts'

export type HeardRecording = Parameters<Voice['hear']>[0]

export const AUDIO = Buffer.from(Array.from({ length: 1_000 }, (_, n) => (n * 7) % 256))

export const recordingOf = (changes: Partial<HeardRecording> = {}): HeardRecording => {
  const { audio = AUDIO, format = 'OGG' } = changes
  return { audio, format, digest: createHash('sha256').update(audio).digest('hex'), ...changes }
}

export const lineOf = (changes: Partial<Line> = {}): Line => ({
  text: 'Ahoj! Jak se máš?',
  character: 'HONZIK',
  voiceSpeed: 'NORMAL',
  ...changes,
})

export const EAR = 'an-ear'
export const MOUTH = 'a-mouth'

/** What is done for one who asks. */
export interface Call {
  readonly signal?: AbortSignal
  readonly onSpent?: (spent: Spending) => void
}

export interface VoiceWorld extends AsyncDisposable {
  readonly fake: FakeOpenAI
  readonly voice: Voice
  readonly events: readonly TutorEvent[]
  hear(call?: Call, recording?: HeardRecording): Promise<Heard>
  speak(call?: Call, line?: Line): Promise<Spoken>
}

export const voiceOptions = {
  apiKey: 'sk-test',
  baseUrl: 'http://nowhere.invalid/v1',
  transcriptionModel: EAR,
  speechModel: MOUTH,
  timeoutMs: 10_000,
  prices: new Map(),
  namespace: 'test',
  report: () => {},
  maxRetries: 0,
} satisfies ModelVoiceOptions

/** A voice that asks a fake, over HTTP. */
export async function openVoiceWorld(options: Partial<ModelVoiceOptions> = {}): Promise<VoiceWorld> {
  const fake = await startFakeOpenAI()
  const events: TutorEvent[] = []
  const voice = openModelVoice({
    ...voiceOptions,
    baseUrl: fake.url,
    report: (event) => events.push(event),
    ...options,
  })
  const signal = new AbortController().signal
  return {
    fake,
    voice,
    events,
    hear: (call, recording = recordingOf()) => voice.hear(recording).ask({ signal, ...call }),
    speak: (call, line = lineOf()) => voice.speak(line).ask({ signal, ...call }),
    async [Symbol.asyncDispose]() {
      await voice[Symbol.asyncDispose]()
      await fake[Symbol.asyncDispose]()
    },
  }
}

/** What both ways of asking have in common. */
export interface Way {
  readonly name: 'hearing' | 'speaking'
  readonly model: string
  ask(world: VoiceWorld, call?: Call): Promise<Heard | Spoken>
  requests(world: VoiceWorld): readonly Came[]
}

export const WAYS: readonly Way[] = [
  { name: 'hearing', model: EAR, ask: ({ hear }, call) => hear(call), requests: ({ fake }) => fake.heard },
  { name: 'speaking', model: MOUTH, ask: ({ speak }, call) => speak(call), requests: ({ fake }) => fake.spoken },
]

/** Waits until the fake has had so many requests. */
export const arrived = (world: VoiceWorld, way: Way, count: number): Promise<void> =>
  eventually(() => {
    if (way.requests(world).length < count) throw new Error(`only ${way.requests(world).length} requests of ${count}`)
  })
