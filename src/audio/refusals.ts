import { badInput, HonzikError } from '../domain/error.ts'
import { RECORDING_MAX_BYTES, RECORDING_MAX_SECONDS } from '../domain/recording.ts'

/** Why a recording is refused: every answer there is, in the caller's words. */
const refuse = (problem: string): HonzikError => badInput('audio', problem)

export const empty = () => refuse('must not be empty.')

export const notAudio = () =>
  refuse('must be a recording in Ogg (Opus or Vorbis), MP3, M4A (AAC), WAV (PCM) or WebM (Opus or Vorbis).')

export const hasVideo = () => refuse('must hold sound only; it has a video track.')

export const severalTracks = () => refuse('must hold one track of sound; it has several.')

/** The file ends before what its own structure announces. */
export const cutOff = () => refuse('is cut off: its end is missing. Record or upload it again.')

/** The file contradicts itself. */
export const damaged = () => refuse('is damaged: its contents contradict each other. Record or upload it again.')

export const noSound = () => refuse('holds no sound.')

export const tooLong = () => refuse(`must not be longer than ${RECORDING_MAX_SECONDS} seconds.`)

export const tooLarge = () =>
  new HonzikError('PAYLOAD_TOO_LARGE', `audio must not be larger than ${RECORDING_MAX_BYTES / 1024 / 1024} MB.`, {
    field: 'audio',
  })
