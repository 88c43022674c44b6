import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Trouble } from './trouble.ts'
import type { Ended } from './wire.ts'

/** A request that is about sound. */
export interface Came {
  readonly headers: IncomingHttpHeaders
  readonly ended: Promise<Ended>
  readonly dripped: () => number
}

/** A request to write down what somebody says. */
export interface HeardRequest extends Came {
  readonly model: string
  /** The form's fields, but for the file. */
  readonly fields: Readonly<Record<string, string>>
  readonly fileName: string
  readonly fileType: string
  readonly audio: Buffer
}

/** A request to speak. */
export interface SpeechRequest extends Came {
  readonly body: {
    readonly model: string
    readonly voice: string
    readonly input: string
    readonly speed: number
    readonly response_format: string
  }
}

/** Reads a form of fields and one file. @throws for what is none */
export function readHeardRequest(request: IncomingMessage, body: Buffer): Omit<HeardRequest, keyof Came> {
  const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) throw new TypeError('not a form')
  const parts = partsOf(body, `--${boundary}`)
  const file = parts.find(({ name }) => name === 'file')
  if (file === undefined) throw new TypeError('there is no file')
  const fields = Object.fromEntries(
    parts.filter((part) => part !== file).map(({ name, content }): [string, string] => [name, content.toString()]),
  )
  const { fileName, fileType, content } = file
  return { model: fields['model'] ?? '', fields, fileName, fileType, audio: content }
}

interface Part {
  readonly name: string
  readonly fileName: string
  readonly fileType: string
  readonly content: Buffer
}

/** By where the delimiters stand: the platform's own parser takes tens of milliseconds for a recording. */
function partsOf(body: Buffer, delimiter: string): Part[] {
  const parts: Part[] = []
  for (let at = body.indexOf(delimiter); ; ) {
    const begin = at + delimiter.length + 2
    const next = body.indexOf(delimiter, begin)
    if (next < 0) return parts
    const end = body.indexOf('\r\n\r\n', begin)
    const head = body.toString('utf8', begin, end)
    const named = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1] ?? ''
    parts.push({
      name: /; name="([^"]*)"/.exec(head)?.[1] ?? '',
      fileName: named('filename'),
      fileType: /content-type: *(\S+)/i.exec(head)?.[1] ?? '',
      content: body.subarray(end + 4, next - 2),
    })
    at = next
  }
}

/** An answer of the audio API. */
export interface Sound {
  readonly type: string
  readonly bytes: Buffer
}

/** @param usual what is answered when nothing goes wrong */
export function soundOf(usual: Sound, trouble: Trouble | undefined): Sound {
  if (trouble?.kind === 'sound') return { type: trouble.type ?? usual.type, bytes: Buffer.alloc(trouble.bytes, 0xff) }
  if (trouble?.kind !== 'content') return usual
  const { content } = trouble
  return { ...usual, bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) }
}

/** What it hears, whatever is said; with some of the mistakes that the fake's teacher knows. */
export const HEARD = 'Vcera jsem byl v skola.'

export const heardAnswer = (text: string): string =>
  JSON.stringify({
    text,
    usage: { type: 'tokens', input_tokens: 40, output_tokens: Math.ceil(text.length / 4), total_tokens: 50 },
  })

/** Bytes for a frame of MPEG-1 Layer III at 128 kbit/s and 44.1 kHz, which lasts 26 ms. */
const FRAME_BYTES = 417
const FRAME_HEADER = Buffer.from([0xff, 0xfb, 0x90, 0x00])

/** Silence, as an MP3 with a frame for each character; the text stands in its first frame. */
export function speechAnswer({ input, speed }: SpeechRequest['body']): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES)
  FRAME_HEADER.copy(frame)
  const count = Math.max(2, Math.ceil(input.length / speed))
  const frames = Array.from({ length: count }, () => Buffer.from(frame))
  frames[0]?.write(input.slice(0, 90), 40)
  return Buffer.concat(frames)
}
