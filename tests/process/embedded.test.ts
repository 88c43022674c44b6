import { once } from 'node:events'
import { constants, cpSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { askAt, greetedToken, startProcess } from '../support/server-process.ts'
import { at } from '../support/test-app.ts'

/** A data folder with demo learners in it, of a server that has stopped; to be copied, as making one takes seconds. */
let made: ReturnType<typeof temporaryFolder>

beforeAll(async () => {
  made = temporaryFolder()
  await using server = startProcess({ DATA_DIR: made.path })
  await server.listening
  server.signal('SIGTERM')
  expect(await server.exited).toBe(0)
})
afterAll(() => made[Symbol.dispose]())

function copyOfMade(): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder()
  cpSync(made.path, folder.path, { recursive: true, mode: constants.COPYFILE_FICLONE })
  return folder
}

describe('a fresh start without any configuration', () => {
  test('serves demo learners, prints a link with a token that works, and lets nobody else into the folder', async () => {
    using folder = temporaryFolder()
    await using server = startProcess({ DATA_DIR: folder.path })
    const url = await server.listening
    const token = greetedToken(server)
    expect(server.output()).toContain(`  Watch its cache at  ${url}/dashboard#token=${token}\n`)
    const answer = await askAt(
      url,
      '{ users(first: 100) { edges { node { statsRange(days: 30) { messagesCount } } } } }',
      token,
    )
    expect(at(answer, 'data', 'users', 'edges')).toHaveLength(50)
    expect(statSync(join(folder.path, 'auth-secret')).mode & 0o777).toBe(0o600)
    // What the log says and what the terminal says are two things: tokens are only for the terminal.
    const log = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(log.join('\n')).not.toContain(token)

    await using second = startProcess({ DATA_DIR: folder.path })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain(`Another Honzík is using the data folder ${folder.path}.`)
    expect(second.output()).not.toContain('    at ')
  })

  test('keeps its secret and its data, and makes no second set of demo learners', async () => {
    using folder = temporaryFolder()
    const first = startProcess({ DATA_DIR: folder.path })
    const token = await first.listening.then(() => greetedToken(first))
    await askAt(await first.listening, 'mutation { deleteUser(input: { id: 7 }) { deletedId } }', token)
    first.signal('SIGINT')
    expect(await first.exited).toBe(0)

    await using second = startProcess({ DATA_DIR: folder.path })
    const answer = await askAt(await second.listening, '{ users(first: 100) { edges { node { id } } } }', token)
    expect(at(answer, 'data', 'users', 'edges')).toHaveLength(49)
  })

  test('a making of the data folder that was cut short is begun again', async () => {
    using folder = temporaryFolder()
    const first = startProcess({ DATA_DIR: folder.path })
    // The mark of the making is there before anything else is.
    await eventually(() => statSync(join(folder.path, 'postgres.making')))
    await first[Symbol.asyncDispose]()

    await using second = startProcess({ DATA_DIR: folder.path })
    const answer = await askAt(
      await second.listening,
      '{ users(first: 1) { edges { node { id } } } }',
      greetedToken(second),
    )
    expect(at(answer, 'data', 'users', 'edges')).toHaveLength(1)
  })
})

test('kill -9 in the middle of writing loses nothing that was acknowledged', async () => {
  using folder = copyOfMade()
  let acknowledged = 0
  for (let round = 0; round < 3; round += 1) {
    const server = startProcess({ DATA_DIR: folder.path })
    const url = await server.listening
    const token = greetedToken(server)
    const rename = (n: number) => `mutation { updateUser(input: { id: 1, firstName: "n${n}" }) { user { firstName } } }`
    const killed = server.exited
    for (let n = acknowledged + 1; ; n += 1) {
      const answer = await askAt(url, rename(n), token).catch(() => null)
      if (at(answer, 'data', 'updateUser', 'user', 'firstName') !== `n${n}`) break
      acknowledged = n
      // Some time in the next writes, wherever they are then.
      if (n % 40 === 0) setImmediate(() => server.signal('SIGKILL'))
    }
    await killed
  }

  await using last = startProcess({ DATA_DIR: folder.path })
  const answer = await askAt(await last.listening, '{ user(id: 1) { firstName } }', greetedToken(last))
  const kept = Number(String(at(answer, 'data', 'user', 'firstName')).slice(1))
  expect(acknowledged).toBeGreaterThanOrEqual(120)
  // The write that was under way when the process died may have been kept without an answer.
  expect([acknowledged, acknowledged + 1]).toContain(kept)
})

test('a signal that arrives twice ends it once, and a client that sends nothing more does not keep it', async () => {
  using folder = copyOfMade()
  await using server = startProcess({ DATA_DIR: folder.path })
  const { hostname, port } = new URL(await server.listening)
  // The beginning of a request whose end never comes.
  const stalled = connect(Number(port), hostname)
  stalled.on('error', () => {})
  await once(stalled, 'connect')
  stalled.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{')
  await askAt(`http://${hostname}:${port}`, '{ health { status } }')

  server.signal('SIGTERM')
  await eventually(() => expect(server.output()).toContain('stopping'))
  server.signal('SIGTERM')
  server.signal('SIGINT')
  expect(await server.exited).toBe(0)
  expect(server.output().match(/stopping/g)).toHaveLength(1)
})

describe('a wrong configuration', () => {
  test('is told whole, by name, and ends with 1', async () => {
    await using server = startProcess({ PORT: 'x', LOG_LEVEL: 'loud', AUTH_SECRET: 'short', DATABASE_URL: 'mysql://x' })
    expect(await server.exited).toBe(1)
    for (const name of ['PORT', 'LOG_LEVEL', 'AUTH_SECRET', 'DATABASE_URL'])
      expect(server.output()).toContain(`${name}: `)
    expect(server.output()).not.toContain('    at ')
  })

  test.each([{ NODE_ENV: 'production' }, { HOST: '0.0.0.0' }])(
    'a missing secret with %j stops the start',
    async (env) => {
      await using server = startProcess(env)
      expect(await server.exited).toBe(1)
      expect(server.output()).toMatch(/AUTH_SECRET: must be set (in production|on HOST 0.0.0.0)/)
    },
  )

  test('a port that is taken is told in a line', async () => {
    using folder = copyOfMade()
    using other = copyOfMade()
    await using first = startProcess({ DATA_DIR: folder.path })
    const { port } = new URL(await first.listening)
    await using second = startProcess({ DATA_DIR: other.path, PORT: port })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain('EADDRINUSE')
    expect(second.output()).not.toContain('    at ')
  })

  test('a command that is none, and a token for nobody, say how it is done', async () => {
    await using unknown = startProcess({}, ['dance'])
    await using token = startProcess({}, ['token', '--user', 'ada'])
    expect(await Promise.all([unknown.exited, token.exited])).toEqual([1, 1])
    expect(unknown.output()).toContain('There is no command dance; there are serve')
    expect(token.output()).toContain('--user 1')
  })
})
