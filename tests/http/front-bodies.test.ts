import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createLearner } from '../support/people.ts'
import { at } from '../support/test-app.ts'
import { bearer, type Received, startWholeApp, type WholeApp } from './whole-app.ts'

let app: WholeApp
let admin: Record<string, string>
let id: number
let NAME: string

beforeAll(async () => {
  app = await startWholeApp()
  admin = bearer(await app.tokenOf('admin', 999_999))
  id = await createLearner(app)
  NAME = `{ user(id: ${id}) { firstName } }`
})
afterAll(() => app[Symbol.asyncDispose]())

const codeOf = ({ text }: Received) => at(JSON.parse(text), 'errors', 0, 'extensions', 'code')

test('a body that is too large is refused, with or without its length', async () => {
  const body = JSON.stringify({ query: NAME, more: 'x'.repeat(300_000) })
  for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
    const answer = await app.exchange({ body, headers: { ...admin, ...headers } })
    expect([answer.status, codeOf(answer)]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
  }
  const just = JSON.stringify({ query: NAME, more: '' })
  const filled = just.replace('""', `"${'x'.repeat(256 * 1024 - just.length)}"`)
  expect((await app.exchange({ body: filled, headers: admin })).status).toBe(200)
  expect((await app.exchange({ body: `${filled} `, headers: admin })).status).toBe(413)
})

/** A connection on which bytes are sent as one likes. */
function open(): { socket: Socket; head: (more: string) => string; received: () => string } {
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  socket.on('error', () => {})
  const head = (more: string) =>
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: ${admin['authorization']}\r\n${more}\r\n\r\n`
  return { socket, head, received: () => text }
}

test('a body that says it is too large is refused before it comes', async () => {
  const { socket, head, received } = open()
  socket.write(head(`content-length: ${256 * 1024 + 1}`))
  await eventually(() => expect(received()).toMatch(/^HTTP\/1\.1 413 /))
  socket.destroy()
})

describe('a body that comes', () => {
  test('in many small pieces is put together', async () => {
    const { socket, head, received } = open()
    const body = JSON.stringify({ query: `${NAME} # ž` })
    const bytes = Buffer.from(body)
    socket.write(head(`content-length: ${bytes.length}`))
    for (const byte of bytes) {
      socket.write(Buffer.from([byte]))
      await turn()
    }
    await eventually(() => expect(received()).toContain('{"data":{"user":{"firstName":"Ada"}}}'))
    socket.destroy()
  })

  test('in chunks without a length, and two requests at once, are answered in order', async () => {
    const { socket, head, received } = open()
    const first = JSON.stringify({ query: NAME })
    const second = JSON.stringify({ query: `{ user(id: ${id}) { level } }` })
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
    socket.write(`${head('transfer-encoding: chunked')}${chunk(first.slice(0, 9))}${chunk(first.slice(9))}0\r\n\r\n`)
    socket.write(head(`content-length: ${second.length}`) + second)
    await eventually(() => expect(received()).toMatch(/"firstName":"Ada".*"level":"BEGINNER"/s))
    socket.destroy()
  })
})
