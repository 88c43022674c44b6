/** What a learner's recording may be: the container, told from its bytes. */
export const AUDIO_FORMATS = ['OGG', 'MP3', 'MP4', 'WAV', 'WEBM'] as const

export type AudioFormat = (typeof AUDIO_FORMATS)[number]

/** The largest recording that is taken, in bytes. */
export const RECORDING_MAX_BYTES = 5 * 1024 * 1024

/** The longest recording that is taken, in seconds. */
export const RECORDING_MAX_SECONDS = 60

const CONTENT_TYPES: Record<AudioFormat, string> = {
  OGG: 'audio/ogg',
  MP3: 'audio/mpeg',
  MP4: 'audio/mp4',
  WAV: 'audio/wav',
  WEBM: 'audio/webm',
}

const EXTENSIONS: Record<AudioFormat, string> = { OGG: 'ogg', MP3: 'mp3', MP4: 'm4a', WAV: 'wav', WEBM: 'webm' }

/** The media type that a recording is served and sent on with. */
export const contentTypeOf = (format: AudioFormat): string => CONTENT_TYPES[format]

/** The ending of a recording's file name, without the dot: what speech-to-text services tell the format from. */
export const extensionOf = (format: AudioFormat): string => EXTENSIONS[format]
