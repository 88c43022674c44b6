import { once } from 'node:events'
import { createServer, IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Answerer } from '../../../src/http/wire/wire.ts'
import { WireServer, wholeBytesOf } from '../../../src/http/wire/wire-server.ts'
import { openRawClient, rounds } from './raw-client.ts'

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const plain = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const KNOWN = get('/known')
const AT_ONCE = plain('at once')
/** Answers what it knows, and nothing else. */
const knows: Answerer = (bytes) => (bytes.toString('latin1') === KNOWN ? { text: AT_ONCE, written: null } : undefined)

/** Says what it was asked. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  let body = ''
  request.setEncoding('latin1')
  request.on('data', (chunk: string) => {
    body += chunk
  })
  request.on('end', () => response.end(`${request.method} ${request.url} ${body}`))
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? (address satisfies AddressInfo).port : 0
}

async function open(answer: Answerer = knows, listener: RequestListener = echo) {
  const server = new WireServer({ keepAliveTimeout: 5_000 }, listener)
  server.answerAtOnce(answer)
  const client = await openRawClient(await listening(server))
  onTestFinished(() => client[Symbol.asyncDispose]())
  return { server, ...client }
}

const bodiesOf = async (answers: Promise<readonly { body: string }[]>) => (await answers).map(({ body }) => body)

describe('a connection', () => {
  test('has known requests answered at once, and all others by the listener, in their order', async () => {
    const { send, answers } = await open()
    const pieces = [KNOWN, get('/a'), KNOWN, KNOWN, post('/b', 'body'), KNOWN]
    const bodies: string[] = []
    for (const piece of pieces) {
      await send(piece)
      bodies.push(...(await bodiesOf(answers(1))))
    }
    expect(bodies).toEqual(['at once', 'GET /a ', 'at once', 'at once', 'POST /b body', 'at once'])
  })

  test('has a body in a packet of its own, and is known to be between requests after it', async () => {
    const { send, answers } = await open()
    const [head = '', body = ''] = post('/b', 'body').split(/(?<=\r\n\r\n)/)
    await send(head, body)
    expect(await bodiesOf(answers(1))).toEqual(['POST /b body'])
    await send(KNOWN)
    expect(await bodiesOf(answers(1))).toEqual(['at once'])
  })

  test('has what looks like a known request in a body left alone', async () => {
    const { send, answers } = await open()
    const [head = ''] = post('/b', KNOWN).split(/(?<=\r\n\r\n)/)
    await send(head, KNOWN)
    expect(await bodiesOf(answers(1))).toEqual([`POST /b ${KNOWN}`])
  })

  test('has nothing answered at once after anything that leaves it unclear where requests begin', async () => {
    const two = await open()
    await two.send(get('/a') + get('/b'), KNOWN)
    expect(await bodiesOf(two.answers(3))).toEqual(['GET /a ', 'GET /b ', 'GET /known '])

    const half = await open()
    await half.send(`${get('/a')}GET /b HT`, 'TP/1.1\r\nHost: x\r\n\r\n', KNOWN)
    expect(await bodiesOf(half.answers(3))).toEqual(['GET /a ', 'GET /b ', 'GET /known '])

    const chunked = await open()
    await chunked.send('POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n')
    expect(await bodiesOf(chunked.answers(1))).toEqual(['POST /c x'])
    await chunked.send(KNOWN)
    expect(await bodiesOf(chunked.answers(1))).toEqual(['GET /known '])
  })

  test('has no second request answered before the first', async () => {
    const held = Promise.withResolvers<void>()
    const { send, answers } = await open(knows, async (request, response) => {
      if (request.url === '/slow') await held.promise
      echo(request, response)
    })
    await send(get('/slow'), KNOWN)
    held.resolve()
    expect(await bodiesOf(answers(2))).toEqual(['GET /slow ', 'GET /known '])
  })

  test('tells the listener the bytes of a request that came whole, and of no other', async () => {
    const wholes: (string | undefined)[] = []
    const { send, answers } = await open(knows, (request, response) => {
      echo(request, response)
      request.on('end', () => wholes.push(wholeBytesOf(request)?.toString('latin1')))
    })
    const [head = '', body = ''] = post('/b', 'body').split(/(?<=\r\n\r\n)/)
    for (const pieces of [[get('/a')], [post('/b', 'body')], [head, body], [get('/c') + get('/d')]]) {
      await send(...pieces)
      await answers(pieces[0] === get('/c') + get('/d') ? 2 : 1)
    }
    expect(wholes).toEqual([get('/a'), post('/b', 'body'), undefined, undefined, undefined])
    expect(wholeBytesOf(new IncomingMessage(new Socket()))).toBeNull()
  })

  test('has addresses and timers as any other', async () => {
    const { send, answers, socket } = await open(knows, ({ socket: inner }, response) => {
      inner.setNoDelay(true).setKeepAlive(true).unref().ref()
      const { remoteAddress, remotePort, remoteFamily, localAddress, localPort, bytesRead, bytesWritten } = inner
      const own = inner.address()
      response.end(
        JSON.stringify({
          remoteAddress,
          remotePort,
          remoteFamily,
          localAddress,
          localPort,
          bytesRead,
          bytesWritten,
          own,
        }),
      )
    })
    await send(get('/a'))
    const [body = ''] = await bodiesOf(answers(1))
    expect(JSON.parse(body)).toEqual({
      ...{ remoteAddress: '127.0.0.1', remotePort: socket.localPort, remoteFamily: 'IPv4' },
      ...{ localAddress: '127.0.0.1', localPort: socket.remotePort },
      ...{ bytesRead: get('/a').length, bytesWritten: 0 },
      own: { address: '127.0.0.1', port: socket.remotePort, family: 'IPv4' },
    })
  })

  test('tells whoever has set a time when it is over', async () => {
    const over = Promise.withResolvers<void>()
    const { send, answers } = await open(knows, ({ socket: inner }, response) => {
      inner.setTimeout(1, over.resolve)
      void over.promise.then(() => response.end('over'))
      response.on('timeout', () => {})
    })
    await send(get('/a'))
    expect(await bodiesOf(answers(1))).toEqual(['over'])
  })

  test('carries what is large, both ways', async () => {
    const large = 'x'.repeat(3_000_000)
    const { send, answers } = await open()
    await send(post('/large', large))
    expect(await bodiesOf(answers(1))).toEqual([`POST /large ${large}`])
  })

  test('of which nothing can be parsed is answered as by any other server', async () => {
    const { send, answers, closed } = await open()
    await send(KNOWN, 'NONSENSE\r\n\r\n')
    const [first, second] = await answers(2)
    expect(first?.body).toBe('at once')
    expect(second?.head).toMatch(/^HTTP\/1.1 400 Bad Request/)
    await closed
  })
})

describe('a connection of which it is unclear where requests begin', () => {
  test('has the answer to what was right, and is closed for what was not', async () => {
    const { send, answers, closed } = await open(knows, (_, response) => response.end('right'))
    await send(`${get('/a')}NONSENSE\r\n\r\n`)
    expect(await bodiesOf(answers(1))).toEqual(['right'])
    await closed
  })

  test('is closed with its last answer, when the server closes', async () => {
    const held = Promise.withResolvers<void>()
    const { send, answers, server, closed } = await open(knows, async (request, response) => {
      if (request.url === '/slow') await held.promise
      echo(request, response)
    })
    await send(get('/a') + get('/slow'))
    await answers(1)
    server.close()
    held.resolve()
    expect(await bodiesOf(answers(1))).toEqual(['GET /slow '])
    await closed
  })

  test('is not read ahead of what its listener takes, however much of another answer the client takes', async () => {
    const DRAINS = 15
    const chunk = 'x'.repeat(5_000_000)
    let drains = 0
    const taken = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<IncomingMessage>()
    const { send, socket } = await open(knows, (request, response) => {
      if (request.url === '/untaken') begun.resolve(request)
      else goOn(response)
    })
    function goOn(response: ServerResponse): void {
      drains += 1
      if (drains > DRAINS) taken.resolve()
      else response.once('drain', () => goOn(response)).write(chunk)
    }
    socket.resume()
    await send(get('/open') + post('/untaken', 'x'.repeat(8_000_000)))
    const { socket: inner } = await begun.promise
    await taken.promise
    expect(inner.bytesRead).toBeLessThan(400_000)
  })
})

describe('an answer that has to be waited for', () => {
  /** Answers known requests when it is told to. */
  function waiting(found = true) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const answer: Answerer = (bytes) => {
      const octets = knows(bytes)
      return octets && promise.then(() => (found ? octets : undefined))
    }
    return { answer, resolve, reject }
  }

  test('comes before those to what was asked after', async () => {
    const { answer, resolve } = waiting()
    const { send, answers } = await open(answer)
    await send(KNOWN, get('/a'), KNOWN)
    resolve()
    // The last one came while the parser had the one before.
    expect(await bodiesOf(answers(3))).toEqual(['at once', 'GET /a ', 'GET /known '])
    await send(KNOWN)
    expect(await bodiesOf(answers(1))).toEqual(['GET /known '])
  })

  test('and of which there is none is the listener’s to give', async () => {
    const { answer, resolve } = waiting(false)
    const { send, answers } = await open(answer)
    await send(KNOWN)
    resolve()
    expect(await bodiesOf(answers(1))).toEqual(['GET /known '])
  })

  test('and that fails is the listener’s to give, as is one that fails at once', async () => {
    const { answer, reject } = waiting()
    const { send, answers } = await open(answer)
    await send(KNOWN)
    reject(new Error('no'))
    expect(await bodiesOf(answers(1))).toEqual(['GET /known '])

    const failing = await open(() => {
      throw new Error('no')
    })
    await failing.send(KNOWN)
    expect(await bodiesOf(failing.answers(1))).toEqual(['GET /known '])
  })

  test('is given to a client that sends no more', async () => {
    const { answer, resolve } = waiting()
    const { send, answers, socket, closed } = await open(answer)
    await send(KNOWN)
    socket.end()
    await rounds()
    resolve()
    expect(await bodiesOf(answers(1))).toEqual(['at once'])
    await closed
  })

  test('is told of when its client has gone', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const told = Promise.withResolvers<Error | null | undefined>()
    const { send, socket, server } = await open(() => promise.then(() => ({ text: AT_ONCE, written: told.resolve })))
    await send(KNOWN)
    socket.resetAndDestroy()
    while ((await connections(server)) > 0) await rounds()
    resolve()
    expect(await told.promise).toBeInstanceOf(Error)
  })

  test('is given before the server closes its connection, whether or not the parser has seen it', async () => {
    for (const before of [[], [get('/a')]]) {
      const { answer, resolve } = waiting()
      const { send, answers, server, closed } = await open(answer)
      for (const piece of before) {
        await send(piece)
        await answers(1)
      }
      await send(KNOWN)
      server.close()
      resolve()
      expect(await bodiesOf(answers(1))).toEqual(['at once'])
      await closed
    }
  })

  test('and of which there is none is the listener’s to give, also on a connection that is to be closed', async () => {
    const { answer, resolve } = waiting(false)
    const { send, answers, server, closed } = await open(answer)
    await send(get('/a'))
    await answers(1)
    await send(KNOWN)
    server.closeIdleConnections()
    resolve()
    expect(await bodiesOf(answers(1))).toEqual(['GET /known '])
    await closed
  })
})

const connections = (server: Server) =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

test.each([
  ['on a connection of its own', []],
  ['after one of the parser’s', [get('/a')]],
])('an answer that its client is slow to take is sent to its end when the server closes: %s', async (_, before) => {
  const long = plain('x'.repeat(6_000_000))
  const { send, answers, server, socket, closed } = await open((bytes) => knows(bytes) && { text: long, written: null })
  for (const piece of before) {
    await send(piece)
    await answers(1)
  }
  socket.pause()
  await send(KNOWN)
  server.close()
  await rounds()
  socket.resume()
  const [answer] = await answers(1)
  expect(answer?.body.length).toBe(6_000_000)
  await closed
})

describe('connections are closed', () => {
  test.each([
    ['that nothing was asked on', []],
    ['that only known requests came on', [KNOWN]],
    ['that the parser knows', [get('/a')]],
  ])('%s, when the server closes', async (_, pieces) => {
    const { send, answers, server, closed } = await open()
    for (const piece of pieces) {
      await send(piece)
      await answers(1)
    }
    while ((await connections(server)) === 0) await rounds()
    await new Promise((resolve) => server.close(resolve))
    await closed
  })

  test.each([
    ['that nothing was asked on', []],
    ['that only known requests came on', [KNOWN]],
    ['that the parser knows', [get('/a')]],
  ])('%s, when they are idle for long', async (_, pieces) => {
    const server = new WireServer({ keepAliveTimeout: 1 }, echo)
    server.answerAtOnce(knows)
    await using client = await openRawClient(await listening(server))
    for (const piece of pieces) {
      await client.send(piece)
      await client.answers(1)
    }
    await client.closed
  })

  test('when the client closes them', async () => {
    for (const pieces of [[], [KNOWN], [get('/a')]]) {
      const { send, answers, socket, closed, server } = await open()
      for (const piece of pieces) {
        await send(piece)
        await answers(1)
      }
      socket.end()
      await closed
      while ((await connections(server)) > 0) await rounds()
    }
  })

  test('with whatever is under way, when all are', async () => {
    const { send, server, closed } = await open(knows, () => {})
    await send(get('/never'))
    server.closeAllConnections()
    await closed
  })
})

test('a client that asks without reading is not asked for more', async () => {
  const long = plain('x'.repeat(100_000))
  let answered = 0
  const { socket, server, answers, send } = await open(() => {
    answered += 1
    return { text: long, written: null }
  })
  socket.pause()
  let before = -1
  let asked = 0
  // Until no more of them are answered.
  while (answered > before || asked < 50) {
    before = answered
    asked += 1
    await send(KNOWN)
  }
  expect(asked).toBeGreaterThan(answered)
  socket.resume()
  // Those that waited come in one piece, which is for the parser.
  expect((await answers(answered)).every(({ body }) => body.length === 100_000)).toBe(true)
  expect(await connections(server)).toBe(1)
})

test('any requests, cut into any packets, are answered as by a server that answers nothing at once', async () => {
  const wired = new WireServer({}, echo)
  wired.answerAtOnce((bytes) =>
    bytes.toString('latin1') === KNOWN ? Promise.resolve({ text: plain('GET /known '), written: null }) : undefined,
  )
  const ports = [await listening(wired), await listening(createServer(echo))]
  const requests = fc.constantFrom(KNOWN, get('/a'), post('/b', 'body'), post('/c', KNOWN), post('/d', ''))
  const cuts = fc.array(fc.nat(400), { maxLength: 4 })

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(requests, cuts, fc.boolean()), { minLength: 1, maxLength: 6 }),
      async (asked) => {
        const answered: (readonly string[])[] = []
        for (const port of ports) answered.push(await ask(port, asked))
        expect(answered[0]).toEqual(answered[1])
      },
    ),
    { numRuns: 60 },
  )
})

type Asked = readonly [request: string, cuts: readonly number[], waits: boolean]

/** The bodies of all answers, when some requests are sent only after those before were answered. */
async function ask(port: number, asked: readonly Asked[]): Promise<readonly string[]> {
  await using client = await openRawClient(port)
  const bodies: string[] = []
  let unanswered = 0
  let joined = ''
  for (const [request, cuts, waits] of asked) {
    joined += request
    unanswered += 1
    if (!waits) continue
    await client.send(...piecesOf(joined, cuts))
    bodies.push(...(await bodiesOf(client.answers(unanswered))))
    unanswered = 0
    joined = ''
  }
  await client.send(...piecesOf(joined, asked.at(-1)?.[1] ?? []))
  bodies.push(...(await bodiesOf(client.answers(unanswered))))
  return bodies
}

function piecesOf(text: string, cuts: readonly number[]): readonly string[] {
  const ends = [...new Set(cuts.map((cut) => cut % (text.length + 1))), text.length].sort((a, b) => a - b)
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)).filter((piece) => piece !== '')
}
