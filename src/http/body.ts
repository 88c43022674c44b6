import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { badInput, HonzikError } from '../domain/error.ts'

/** A request's body, or why there is none. */
export type Body = Buffer | HonzikError

/** What was read of a request before it was handed on. */
const read = new WeakMap<IncomingMessage, Body>()

const INCOMPLETE = badInput('body', 'must be complete, valid JSON.')

/** @param done is called once, with at most `max` bytes, or with what is wrong with them */
export function readBody(stream: Readable, max: number, done: (body: Body) => void): void {
  const chunks: Buffer[] = []
  let length = 0
  const end = (body: Body) => {
    stream.off('data', onData)
    stream.off('end', onEnd)
    stream.off('error', onError)
    done(body)
  }
  const onData = (chunk: Buffer) => {
    length += chunk.length
    if (length <= max) chunks.push(chunk)
    else {
      end(new HonzikError('PAYLOAD_TOO_LARGE', 'The request body is too large.', { field: 'body' }))
      // Whatever else comes is not looked at.
      stream.resume()
    }
  }
  const onEnd = () => {
    const [only] = chunks
    end(only && chunks.length === 1 ? only : Buffer.concat(chunks))
  }
  // The client has gone before the end.
  const onError = () => end(INCOMPLETE)
  stream.on('data', onData)
  stream.on('end', onEnd)
  stream.on('error', onError)
}

/** Lets whoever answers the request have the body without reading it again. */
export const keepBody = (request: IncomingMessage, body: Body): void => {
  read.set(request, body)
}

/** The JSON in a request's body, read now unless it was before. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE */
export async function jsonOf(request: IncomingMessage, payload: Readable, max: number): Promise<unknown> {
  const body = read.get(request) ?? (await new Promise<Body>((resolve) => readBody(payload, max, resolve)))
  if (body instanceof HonzikError) throw body
  try {
    return JSON.parse(body.toString())
  } catch {
    throw badInput('body', 'must be valid JSON.')
  }
}
