import type { AudioFormat } from '../domain/recording.ts'
import type { UserSettings } from '../domain/settings.ts'
import type { Recording } from '../domain/voice.ts'
import type { Call } from './tutor.ts'

/** Whoever hears and speaks: models behind an API. */
export interface Voice extends AsyncDisposable {
  /** Ready to have a recording of somebody who speaks Czech written down. Asks nobody yet. */
  hear(recording: Pick<Recording, 'audio' | 'format' | 'digest'>): VoicePreparation<Heard>
  /** Ready to have a Czech text spoken. Asks nobody yet. */
  speak(line: Line): VoicePreparation<Spoken>
}

/** Something that is to be said, and how. */
export interface Line extends Pick<UserSettings, 'character' | 'voiceSpeed'> {
  readonly text: string
}

/** One request, ready to be sent. */
export interface VoicePreparation<Answer> {
  /** SHA-256 in lower-case hexadecimal of everything that decides the answer. */
  readonly fingerprint: string
  /**
   * @throws HonzikError UPSTREAM_UNAVAILABLE for any failure of the model's, with `retryAfterSeconds` where known; the
   * signal's reason when it is aborted
   */
  ask(call: Pick<Call, 'signal' | 'onSpent'>): Promise<Answer>
}

/** What was heard, and what that cost. */
export interface Heard {
  /** May be empty. */
  readonly text: string
  /** Null when it is not known. */
  readonly usd: number | null
}

/** What was spoken, and what that cost. */
export interface Spoken {
  readonly audio: Buffer
  readonly format: AudioFormat
  /** Null when it is not known. */
  readonly usd: number | null
}
