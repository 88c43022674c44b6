import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { wav } from '../support/audio/wav.ts'
import { eventually } from '../support/eventually.ts'
import { BOUNDARY, type Form, file, formOf, map, operations } from '../support/multipart.ts'
import type { Learner } from '../support/tutored.ts'
import { SAY, startVoiced, type Voiced } from '../support/voiced.ts'
import { bearer } from './whole-app.ts'

let app: Voiced
let ada: Learner
let agent: Agent

beforeAll(async () => {
  app = await startVoiced()
  ada = await app.learner()
  // One connection, so that whoever cannot use it any more is found out.
  agent = new Agent({ keepAlive: true, maxSockets: 1 })
})
afterAll(async () => {
  agent.destroy()
  await app[Symbol.asyncDispose]()
})

const saying = operations({ query: SAY, variables: { input: { audio: null } } })
const placed = map({ 0: ['variables.input.audio'] })
const MB = 1024 * 1024
const large = Buffer.alloc(5 * MB)

interface Answer {
  readonly status: number | undefined
  readonly text: string
  /** Our end of the connection. */
  readonly port: number | undefined
}

/** Sends bytes in pieces over the one connection. */
async function send({ headers, body }: Form, pieces: readonly Buffer[] = [body]): Promise<Answer> {
  const outgoing = request(`${app.url}/graphql`, {
    agent,
    method: 'POST',
    headers: { ...bearer(ada.token), ...headers },
  })
  const answered = once(outgoing, 'response')
  for (const piece of pieces) if (!outgoing.write(piece)) await Promise.race([once(outgoing, 'drain'), answered])
  outgoing.end()
  const [response] = await answered
  const { statusCode: status, socket } = response
  const port = socket.localPort
  return { status, text: await text(response), port }
}

const me: Form = {
  headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  body: formOf(operations({ query: '{ me { id } }' })).body,
}

function* chunks(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let start = 0, n = 0; start < bytes.length; n += 1) {
    const end = start + (sizes[n % sizes.length] ?? 1)
    yield bytes.subarray(start, end)
    start = end
  }
}

describe('a form in pieces', () => {
  const form = formOf(saying, placed, file(wav(0.5)))

  test.each([
    ['of one byte each', [1]],
    ['of odd sizes', [7, 1, 13, 61, 2]],
    ['cut within each boundary', [BOUNDARY.length - 3, BOUNDARY.length + 5]],
  ])('%s is read as if it had come at once', async (_, sizes) => {
    const { status, text: answer } = await send(form, [...chunks(form.body, sizes)])
    expect([status, answer]).toEqual([200, expect.stringContaining('"status":"QUEUED"')])
  })
})

describe('after a form that was refused, its connection can be used', () => {
  test.each<[string, Form, number]>([
    ['whose file came first', formOf(file(large), saying, placed), 400],
    ['whose operations were too large', formOf(operations({ query: 'x'.repeat(MB) }), placed, file(large)), 413],
    ['whose operations were no JSON', formOf(operations('{'), placed, file(large)), 400],
    ['whose file was not known', formOf(saying, placed, file(large, '1')), 400],
    ['whose file was too large', formOf(saying, placed, file(Buffer.alloc(8 * MB))), 413],
    ['that had two files', formOf(saying, placed, file(large), file(large, '1')), 400],
    ['that had a field more', formOf(saying, { name: 'x', content: large }, file(large)), 400],
    ['that had names of another kind', formOf(saying, placed, file(large, '__proto__')), 400],
  ])('%s', async (_, form, status) => {
    const before = await send(me)
    const refused = await send(form)
    const after = await send(me)
    expect([refused.status, after.status]).toEqual([status, 200])
    expect([refused.port, after.port]).toEqual([before.port, before.port])
  })
})

/** A request whose body does not come as far as it says. */
async function begin(form: Form, bytes: number, headers: object = bearer(ada.token)): Promise<Socket> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  const lines = Object.entries({ host: 'x', ...form.headers, ...headers, 'content-length': form.body.length })
  socket.write(`POST /graphql HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
  socket.write(form.body.subarray(0, bytes))
  return socket
}

const requests = () => app.lines.filter(({ msg }) => msg === 'request')

describe('a form that has not come whole', () => {
  const form = formOf(saying, placed, file(large))

  test('is answered before it is read when nobody is signed in', async () => {
    const socket = await begin(form, 1_000, {})
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 401 .*"code":"UNAUTHENTICATED"/s)
  })

  test('is answered as soon as it is wrong', async () => {
    const socket = await begin(formOf(file(large), saying, placed), 1_000)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 400 .*operations must come before the files/s)
  })

  test.each([
    ['in its file', form.body.length - 500],
    ['after its file', form.body.length - BOUNDARY.length - 4],
    ['in its operations', 150],
    ['in the head of a part', 60],
  ])('is refused when it ends %s', async (_, bytes) => {
    const { status, text: answer } = await send({ ...form, body: form.body.subarray(0, bytes) })
    const refused = '{"errors":[{"message":"body must be complete multipart/form-data.","extensions":'
    expect([status, answer]).toEqual([400, expect.stringContaining(refused)])
    expect((await send(me)).status).toBe(200)
  })

  test('is given up when its client leaves, and leaves nothing of it behind', async () => {
    const before = requests().length
    const clients = await Promise.all(Array.from({ length: 20 }, (_, n) => begin(form, 200 + n * 100_000)))
    for (const client of clients) client.destroy()
    await eventually(() => expect(requests().slice(before)).toHaveLength(20))
    expect(
      requests()
        .slice(before)
        .every(({ aborted }) => aborted === true),
    ).toBe(true)
    expect((await send(me)).status).toBe(200)
  })
})

test('a server whose clients left in the middle of forms still ends at once', async () => {
  const own = await startVoiced()
  const learner = await own.learner()
  const form = formOf(saying, placed, file(large))
  const url = new URL(own.url)
  const socket = connect(Number(url.port), '127.0.0.1')
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${learner.token}\r\n`
  const type = `content-type: ${form.headers['content-type']}\r\ncontent-length: ${form.body.length}\r\n\r\n`
  socket.write(head + type)
  socket.write(form.body.subarray(0, 100_000))
  await eventually(() => expect(socket.bytesWritten).toBeGreaterThan(100_000))
  socket.destroy()
  // It would wait for a request that has not ended, and that time never comes.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  await own[Symbol.asyncDispose]()
})

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

test('many forms leave no memory behind', async () => {
  const refused = formOf(saying, placed, file(large))
  for (let n = 0; n < 3; n += 1) await send(refused)
  collect()
  const before = process.memoryUsage().arrayBuffers
  for (let n = 0; n < 20; n += 1) await send(refused)
  await eventually(() => {
    collect()
    // Twenty of them are 100 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(25 * MB)
  })
})
