import { PassThrough } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import { type Body, readBody } from '../../src/http/body.ts'

/** A stream that is read, and all that its reader was told. */
function reading(max = 10) {
  const stream = new PassThrough()
  const told: Body[] = []
  readBody(stream, max, (body) => told.push(body))
  const texts = () => told.map((body) => (body instanceof HonzikError ? body.code : body.toString()))
  return { stream, texts }
}

test('a body of one piece, of many, or of none is told once, whole', async () => {
  for (const pieces of [['žluť'], ['ab', 'c', 'de'], []]) {
    const { stream, texts } = reading()
    for (const piece of pieces) {
      stream.write(piece)
      await turn()
    }
    expect(texts()).toEqual([])
    stream.end()
    await turn()
    expect(texts()).toEqual([pieces.join('')])
  }
})

test('a letter that comes in two pieces is one letter', async () => {
  const { stream, texts } = reading()
  const [first, second] = Buffer.from('ž')
  stream.write(Buffer.from([first ?? 0]))
  await turn()
  stream.end(Buffer.from([second ?? 0]))
  await turn()
  expect(texts()).toEqual(['ž'])
})

test('a body may be as long as the limit says, and not a byte longer', async () => {
  const just = reading()
  just.stream.end('x'.repeat(10))
  await turn()
  expect(just.texts()).toEqual(['x'.repeat(10)])
  const more = reading()
  more.stream.write('x'.repeat(6))
  more.stream.write('x'.repeat(5))
  await turn()
  expect(more.texts()).toEqual(['PAYLOAD_TOO_LARGE'])
})

test('what comes after too much is thrown away, and told to nobody', async () => {
  const { stream, texts } = reading()
  for (let n = 0; n < 50; n += 1) stream.write('x'.repeat(10_000))
  stream.end()
  await turn()
  await turn()
  expect(texts()).toEqual(['PAYLOAD_TOO_LARGE'])
  expect(stream.readableLength).toBe(0)
})

test('a body that breaks off is incomplete', async () => {
  const { stream, texts } = reading()
  stream.write('x')
  stream.destroy(new Error('gone'))
  await turn()
  expect(texts()).toEqual(['BAD_USER_INPUT'])
})
