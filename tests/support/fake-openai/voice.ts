import type { IncomingMessage } from 'node:http'

/** A request to write down what somebody says. */
export interface HeardRequest {
  readonly model: string
  readonly language: string | null
  readonly fileName: string
  readonly fileType: string
  readonly audio: Buffer
}

/** A request to speak. */
export interface SpeechRequest {
  readonly model: string
  readonly voice: string
  readonly input: string
  readonly speed: number
  readonly response_format: string
}

/** Reads a form as the platform does, so that what is no form is found out. @throws for what is none */
export async function readHeardRequest(request: IncomingMessage, body: Buffer): Promise<HeardRequest> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const form = await new Response(new Uint8Array(body), { headers }).formData()
  const file = form.get('file')
  if (!(file instanceof File)) throw new TypeError('there is no file')
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value : null
  }
  return {
    model: text('model') ?? '',
    language: text('language'),
    fileName: file.name,
    fileType: file.type,
    audio: Buffer.from(await file.arrayBuffer()),
  }
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
export function speechAnswer({ input, speed }: SpeechRequest): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES)
  FRAME_HEADER.copy(frame)
  const count = Math.max(2, Math.ceil(input.length / speed))
  const frames = Array.from({ length: count }, () => Buffer.from(frame))
  frames[0]?.write(input.slice(0, 90), 40)
  return Buffer.concat(frames)
}
