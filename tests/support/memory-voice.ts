import { createHash } from 'node:crypto'
import type { Recording } from '../../src/domain/voice.ts'
import type { Spending } from '../../src/replies/tutor.ts'
import type { Line, Voice, VoicePreparation } from '../../src/replies/voice.ts'

export type HeardRecording = Pick<Recording, 'audio' | 'format' | 'digest'>

type How<Asked> = (asked: Asked, call: Parameters<VoicePreparation<unknown>['ask']>[0]) => Promise<void>

export interface MemoryVoice extends Voice {
  /** What it was asked to hear and to say, in their order, whatever became of it. */
  readonly heard: readonly HeardRecording[]
  readonly spoken: readonly Line[]
  /** What it hears, in every recording. */
  hears: string
  /** Hears and speaks from now on by `how`; by default at once. */
  hearBy(how: How<HeardRecording>): void
  speakBy(how: How<Line>): void
}

export const HEARS = 'Byl jsem v skole.'

export interface MemoryVoiceOptions {
  readonly hearingModel?: string
  readonly speakingModel?: string
  readonly usd?: number | null
}

/** A voice that hears and speaks at once, or as a test has it, and remembers what it was asked. */
export function openMemoryVoice(options: MemoryVoiceOptions = {}): MemoryVoice {
  const { hearingModel = 'a-hearing-model', speakingModel = 'a-speaking-model', usd = 0.002 } = options
  const heard: HeardRecording[] = []
  const spoken: Line[] = []
  let hear: How<HeardRecording> = async () => {}
  let say: How<Line> = async () => {}
  const spending = (model: string): Spending => ({ model, tokens: null, usd })

  const voice: MemoryVoice = {
    heard,
    spoken,
    hears: HEARS,
    hearBy(how) {
      hear = how
    },
    speakBy(how) {
      say = how
    },
    hear: (recording) => ({
      fingerprint: digestOf(hearingModel, recording.digest),
      async ask(call) {
        heard.push(recording)
        await hear(recording, call)
        call.signal.throwIfAborted()
        call.onSpent?.(spending(hearingModel))
        return { text: voice.hears, usd }
      },
    }),
    speak: (line) => ({
      fingerprint: digestOf(speakingModel, JSON.stringify(line)),
      async ask(call) {
        spoken.push(line)
        await say(line, call)
        call.signal.throwIfAborted()
        call.onSpent?.(spending(speakingModel))
        return { audio: soundOf(line), format: 'MP3', usd }
      },
    }),
    async [Symbol.asyncDispose]() {},
  }
  return voice
}

/** What a line sounds like: no MP3, but every byte there is. */
export const soundOf = ({ text }: Pick<Line, 'text'>): Buffer =>
  Buffer.concat([Buffer.from(text), Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))])

const digestOf = (model: string, asked: string): string =>
  createHash('sha256').update(`${model} ${asked}`).digest('hex')
