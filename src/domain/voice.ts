import type { AudioFormat } from './recording.ts'

/** What a learner said. */
export interface Recording {
  readonly format: AudioFormat
  /** SHA-256 of the audio in lower-case hexadecimal. */
  readonly digest: string
  readonly durationMs: number
  readonly audio: Buffer
}

/** What a text of the tutor's sounds like. */
export interface Speech {
  readonly format: AudioFormat
  readonly audio: Buffer
  /** Under which it is remembered for whoever wants the same; null where it is not. */
  readonly fingerprint: string | null
}
