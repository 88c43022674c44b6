import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { makeCertificates } from '../support/certificates.ts'
import { freePort } from '../support/free-port.ts'
import { deliveryTo, senderTo } from '../support/webhook-deliveries.ts'
import { startOddReceiver, startReceiver, writeForever } from '../support/webhook-receiver.ts'

const certificates = makeCertificates()
afterAll(() => certificates[Symbol.dispose]())
const ca = certificates.authority

const failed = (reason: string) => ({ kind: 'failed', reason, milliseconds: 0 })
const delivered = { kind: 'delivered', status: 200, milliseconds: 0 }

const startOdd = (behave: (socket: Socket) => void) => startOddReceiver({ certificates }, behave)

const send = (port: number, options: Parameters<typeof senderTo>[0] = {}, name = 'localhost') =>
  senderTo({ ca, ...options }).send(deliveryTo(`https://${name}:${port}/`))

const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'

/** Short, and no race: these receivers never come to an end of their own. */
const timeoutMs = 100

describe('a webhook fails for want of', () => {
  test('an address: the name is not known', async () => {
    const lookup = () => Promise.reject(new Error('ENOTFOUND'))
    expect(await send(443, { lookup })).toEqual(failed('dns'))
  })

  test('time, when the name is looked up for ever', async () => {
    const lookup = () => new Promise<never>(() => {})
    expect(await send(443, { lookup, timeoutMs })).toEqual(failed('timeout'))
  })

  test('a connection: nobody listens', async () => {
    expect(await send(await freePort())).toEqual(failed('connection'))
  })

  test.each<[what: string, behave: (socket: Socket) => void]>([
    ['hangs up', (socket) => socket.end()],
    ['resets the connection', (socket) => socket.resetAndDestroy()],
    ['does not speak it', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')],
  ])('TLS: the receiver %s', async (_what, behave) => {
    await using receiver = await startOddReceiver({ certificates: null }, behave)
    expect(await send(receiver.port)).toEqual(failed('tls'))
  })

  test('time, when the receiver takes connections and says nothing', async () => {
    await using receiver = await startOddReceiver({ certificates: null }, () => {})
    expect(await send(receiver.port, { timeoutMs })).toEqual(failed('timeout'))
  })
})

describe('a certificate', () => {
  const start = () => startReceiver({ certificates }, (_request, response) => void response.end())

  test('of another name is not good enough', async () => {
    await using receiver = await start()
    expect(await send(receiver.port, {}, 'hooks.example.com')).toEqual(failed('tls'))
    expect(receiver.received).toEqual([])
  })

  test('of an authority that nobody knows is not good enough, whatever the environment says', async () => {
    await using receiver = await start()
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      const attempt = await senderTo().send(deliveryTo(`https://localhost:${receiver.port}/`))
      expect(attempt).toEqual(failed('tls'))
      expect(receiver.received).toEqual([])
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
  })
})

describe('an answer', () => {
  test.each<[what: string, behave: (socket: Socket) => void]>([
    ['that never comes because the connection is closed', (socket) => socket.end()],
    ['that never comes because the connection is torn down', (socket) => socket.destroy()],
    ['that is no HTTP', (socket) => socket.end('hello\r\n\r\n')],
    ['that breaks off in its first line', (socket) => socket.end('HTTP/1.1 20')],
    ['that breaks off in its headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nserver: x\r\n')],
    ['of which only the announcement comes', (socket) => socket.end('HTTP/1.1 102 Processing\r\n\r\n')],
    [
      'of two lengths',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'),
    ],
    [
      'with endless headers',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        writeForever(socket, 'x-more: and more\r\n'.repeat(100))
      },
    ],
    [
      'with one endless header',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx-more: ')
        writeForever(socket, 'and more '.repeat(100))
      },
    ],
  ])('%s is none', async (_what, behave) => {
    await using receiver = await startOdd(behave)
    expect(await send(receiver.port)).toEqual(failed('response'))
  })

  test.each<[what: string, behave: (socket: Socket) => void]>([
    ['that never comes', () => {}],
    ['that stops in its headers', (socket) => void socket.write('HTTP/1.1 200 OK\r\nserver:')],
    ['that is announced for ever', (socket) => writeForever(socket, 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100))],
  ])('%s is waited for no longer than the whole attempt may take', async (_what, behave) => {
    await using receiver = await startOdd(behave)
    expect(await send(receiver.port, { timeoutMs })).toEqual(failed('timeout'))
  })

  test.each<[what: string, behave: (socket: Socket) => void]>([
    ['is cut short', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nand so')],
    ['is broken', (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense')],
    [
      'never ends',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        writeForever(socket, 'and so on '.repeat(100))
      },
    ],
  ])('counts by its status alone, whose body %s', async (_what, behave) => {
    await using receiver = await startOdd(behave)
    // Longer than the test may take: what ends the attempt is not the time.
    expect(await send(receiver.port, { timeoutMs: 600_000 })).toEqual(delivered)
  })

  test('counts by its status alone when the rest is not waited for any longer', async () => {
    await using receiver = await startOdd((socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\nand then'))
    const controller = new AbortController()
    const onAnswer = () => void setImmediate(() => controller.abort())
    subscribe('http.client.response.finish', onAnswer)
    try {
      const delivery = deliveryTo(`https://localhost:${receiver.port}/`)
      expect(await senderTo({ ca }).send(delivery, controller.signal)).toEqual(delivered)
    } finally {
      unsubscribe('http.client.response.finish', onAnswer)
    }
  })

  test('that wants to speak another protocol is a refusal', async () => {
    await using receiver = await startOdd((socket) => void socket.write(UPGRADE))
    expect(await send(receiver.port)).toEqual({ ...delivered, kind: 'refused', status: 101, retryAfterSeconds: null })
  })

  test.each<[what: string, behave: (socket: Socket) => void]>([
    [
      'wants to go on',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok'),
    ],
    ['wants to speak another protocol', (socket) => void socket.write(UPGRADE)],
    [
      'never ends',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        writeForever(socket, 'and so on '.repeat(100))
      },
    ],
  ])('leaves no connection open when its receiver %s', async (_what, behave) => {
    const closed = Promise.withResolvers<void>()
    await using receiver = await startOdd((socket) => {
      socket.once('close', () => closed.resolve())
      behave(socket)
    })
    await send(receiver.port, { timeoutMs: 600_000 })
    await closed.promise
  })
})
