import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { endStalled } from '../../src/http/stalled.ts'
import { eventually } from '../support/eventually.ts'

/** More than kernels hold for a client that does not read. */
const LARGE = 'x'.repeat(32 * 1024 * 1024)
const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'

/** A server whose answers are very large, or never come, and the looks that it takes at its connections. */
async function open({ answers = true, patienceMs = 50 } = {}) {
  let look = () => {}
  let stopped = 0
  const asked: (() => void)[] = []
  const sockets: Socket[] = []
  const server = createServer((_, response) => {
    if (answers) response.end(LARGE)
    for (const each of asked.splice(0)) each()
  })
  server.on('connection', (socket) => sockets.push(socket))
  endStalled(server, {
    patienceMs,
    every(given) {
      look = given
      return () => {
        stopped += 1
      }
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port')
  return {
    sockets,
    look: () => look(),
    close: () => new Promise((resolve) => server.close(resolve)),
    stopped: () => stopped,
    /** A client that has asked, and does not read. */
    async ask() {
      const arrived = new Promise<void>((resolve) => asked.push(resolve))
      const client = connect(address.port, '127.0.0.1').pause()
      client.on('error', () => {})
      onTestFinished(() => {
        client.destroy()
      })
      client.write(REQUEST)
      await arrived
      return client
    },
  }
}

const closed = (client: Socket) => new Promise<void>((resolve) => client.once('close', () => resolve()))

test('a client that does not read its answer loses its connection', async () => {
  const server = await open()
  await server.ask()
  const [socket] = server.sockets
  if (!socket) throw new Error('nobody came')
  server.look()
  await closed(socket)
  expect(socket.bytesWritten).toBeGreaterThan(0)
})

test('one that waits for its answer is let wait', async () => {
  const server = await open({ answers: false })
  await server.ask()
  server.look()
  expect(server.sockets.map(({ timeout }) => timeout ?? 0)).toEqual([0])
})

test('one that reads gets all of it', async () => {
  // Longer than any machine keeps a client from reading.
  const server = await open({ patienceMs: 30_000 })
  const client = await server.ask()
  server.look()
  expect(server.sockets.map(({ timeout }) => timeout)).toEqual([30_000])
  let length = 0
  client.on('data', (chunk: Buffer) => {
    length += chunk.length
  })
  client.resume()
  await eventually(() => expect(length).toBeGreaterThan(LARGE.length))
})

test('nobody is looked at any more when the server has closed', async () => {
  const server = await open()
  await server.close()
  expect(server.stopped()).toBe(1)
})
