import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { badInput, HonzikError } from '../domain/error.ts'

/** A request's body, or why there is none. */
export type Body = Buffer | HonzikError

/** What was read of a request before it was handed on. */
const read = new WeakMap<IncomingMessage, Body>()

const INCOMPLETE = badInput('body', 'must be complete, valid JSON.')
const tooLarge = () => new HonzikError('PAYLOAD_TOO_LARGE', 'The request body is too large.', { field: 'body' })

/** Whether a request says itself that its body has more than `max` bytes. */
export const saysTooLarge = ({ headers }: IncomingMessage, max: number): boolean =>
  Number(headers['content-length']) > max

/** @param done is called once, with at most `max` bytes, or with what is wrong with them */
export function readBody(stream: Readable, max: number, done: (body: Body) => void): void {
  const chunks: Buffer[] = []
  let length = 0
  let isOver = false
  const end = (body: Body) => {
    if (isOver) return
    isOver = true
    done(body)
  }
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
    // Whatever comes after too much is not looked at.
    if (length <= max) chunks.push(chunk)
    else end(tooLarge())
  })
  stream.on('end', () => {
    const [only] = chunks
    end(only && chunks.length === 1 ? only : Buffer.concat(chunks))
  })
  // The client has gone before the end.
  stream.on('error', () => end(INCOMPLETE))
}

/** Lets whoever answers the request have the body without reading it again. */
export const keepBody = (request: IncomingMessage, body: Body): void => {
  read.set(request, body)
}

/** The JSON in a request's body, read now unless it was before. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE */
export async function jsonOf(request: IncomingMessage, payload: Readable, max: number): Promise<unknown> {
  // Nobody waits for what is refused by its length alone; one that is not told is counted as it comes.
  if (saysTooLarge(request, max)) throw tooLarge()
  const body = read.get(request) ?? (await new Promise<Body>((resolve) => readBody(payload, max, resolve)))
  if (body instanceof HonzikError) throw body
  try {
    return JSON.parse(body.toString())
  } catch {
    throw badInput('body', 'must be valid JSON.')
  }
}
