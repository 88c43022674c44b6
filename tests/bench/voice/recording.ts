import { randomBytes } from 'node:crypto'
import { oggPage, opusHeaders } from '../../support/audio/ogg.ts'

const PACKETS_OF_A_PAGE = 50
/** Samples of a packet of 20 ms, at Opus's clock of 48 kHz. */
const SAMPLES = 960

/** A minute of what could be speech, as Ogg Opus of about 200 kB: 27 kbit/s. */
export function makeRecording(seconds = 60, packetBytes = 66): Buffer {
  const packets = seconds * 50
  const pages: Uint8Array[] = [opusHeaders(0)]
  for (let first = 0; first < packets; first += PACKETS_OF_A_PAGE) {
    const count = Math.min(PACKETS_OF_A_PAGE, packets - first)
    // One frame of 20 ms, which is what the first byte says.
    const page = Array.from({ length: count }, () => Buffer.concat([Buffer.of(0xf8), randomBytes(packetBytes - 1)]))
    const done = first + count
    pages.push(oggPage({ packets: page, granule: done * SAMPLES, isLast: done === packets }))
  }
  return Buffer.concat(pages)
}

const BOUNDARY = 'a-boundary-that-no-recording-has'
const SEND = 'mutation ($input: SendVoiceMessageInput!) { sendVoiceMessage(input: $input) { id createdAt } }'

export const UPLOAD_TYPE = `multipart/form-data; boundary=${BOUNDARY}`

/** An upload of a recording that nobody has sent before: a few bytes of its middle are new. */
export function uploadOf(recording: Buffer, userId: string): Buffer {
  const audio = Buffer.from(recording)
  randomBytes(16).copy(audio, audio.length >> 1)
  const part = (name: string, value: string) =>
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const operations = JSON.stringify({ query: SEND, variables: { input: { audio: null, userId } } })
  return Buffer.concat([
    Buffer.from(part('operations', operations)),
    Buffer.from(part('map', '{"0":["variables.input.audio"]}')),
    Buffer.from(
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="0"; filename="speech.ogg"\r\ncontent-type: audio/ogg\r\n\r\n`,
    ),
    audio,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ])
}
