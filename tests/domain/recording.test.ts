import { expect, test } from 'vitest'
import { AUDIO_FORMATS, contentTypeOf, extensionOf } from '../../src/domain/recording.ts'

test('every format of recordings has a media type and a file ending that services know', () => {
  expect(AUDIO_FORMATS.map((format) => [format, contentTypeOf(format), extensionOf(format)])).toEqual([
    ['OGG', 'audio/ogg', 'ogg'],
    ['MP3', 'audio/mpeg', 'mp3'],
    ['MP4', 'audio/mp4', 'm4a'],
    ['WAV', 'audio/wav', 'wav'],
    ['WEBM', 'audio/webm', 'webm'],
  ])
})
