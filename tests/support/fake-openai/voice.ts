import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Trouble } from './trouble.ts'
import type { Ended } from './wire.ts'

interface Came {
  readonly headers: IncomingHttpHeaders
  readonly ended: Promise<Ended>
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

/** Reads a form as the platform does, so that what is no form is found out. @throws for what is none */
export async function readHeardRequest(
  request: IncomingMessage,
  body: Buffer,
): Promise<Omit<HeardRequest, keyof Came>> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const form = await new Response(new Uint8Array(body), { headers }).formData()
  const file = form.get('file')
  if (!(file instanceof File)) throw new TypeError('there is no file')
  const fields = Object.fromEntries(
    [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
  return {
    model: fields['model'] ?? '',
    fields,
    fileName: file.name,
    fileType: file.type,
    audio: Buffer.from(await file.arrayBuffer()),
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
