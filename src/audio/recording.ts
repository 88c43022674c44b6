import { createHash } from 'node:crypto'
import type { Recording } from '../domain/voice.ts'
import { inspectAudio } from './inspect.ts'

/** A recording as it is kept. @throws BAD_USER_INPUT and PAYLOAD_TOO_LARGE naming `audio` */
export async function recordingOf(audio: Buffer): Promise<Recording> {
  const { format, durationSeconds } = await inspectAudio(audio)
  const digest = createHash('sha256').update(audio).digest('hex')
  return { format, digest, durationMs: Math.round(durationSeconds * 1000), audio }
}
