import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { startTestApp } from '../support/test-app.ts'

/** A database whose health can be held back, so that a request is still running when the server is told to stop. */
async function openHeldBack(): Promise<Database & { readonly release: () => void; readonly asked: Promise<void> }> {
  const database = await openTestEmbedded()
  const held = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  return {
    ...database,
    release: held.resolve,
    asked: asked.promise,
    readers: {
      ...database.readers,
      async listUsers(after, limit) {
        asked.resolve()
        await held.promise
        return database.readers.listUsers(after, limit)
      },
    },
  }
}

/** Asks over a connection that is kept open, and tells how the server answered. */
function askKeepingAlive(url: string, path: string, agent: Agent, token?: string) {
  const { hostname, port } = new URL(url)
  const body = token === undefined ? undefined : JSON.stringify({ query: '{ users { edges { cursor } } }' })
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  return new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    const sent = request({ hostname, port, path, agent, headers, method: body ? 'POST' : 'GET' }, (response) => {
      response
        .resume()
        .once('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }))
    })
    sent.once('error', reject).end(body)
  })
}

test('while draining it answers everything, says not ready, and closes each connection after its answer', async () => {
  await using app = await startTestApp({ openDatabase: openTestEmbedded })
  const agent = new Agent({ keepAlive: true })
  expect(await askKeepingAlive(app.url, '/health/ready', agent)).toEqual({ status: 200, connection: 'keep-alive' })
  app.drain()
  expect(await askKeepingAlive(app.url, '/health/ready', agent)).toEqual({ status: 503, connection: 'close' })
  expect(await askKeepingAlive(app.url, '/health/live', agent)).toEqual({ status: 200, connection: 'close' })
  agent.destroy()
})

test('stopping waits for the request that was accepted, and for no idle connection', async () => {
  const database = await openHeldBack()
  const app = await startTestApp({ openDatabase: async () => database })
  const agent = new Agent({ keepAlive: true })
  await askKeepingAlive(app.url, '/health/live', agent)
  const running = askKeepingAlive(app.url, '/graphql', new Agent(), await app.tokenOf('staff', 1))
  await database.asked

  let stopped = false
  const stopping = app[Symbol.asyncDispose]().then(() => (stopped = true))
  await new Promise(setImmediate)
  expect(stopped).toBe(false)
  database.release()
  expect(await running).toMatchObject({ status: 200, connection: 'close' })
  await stopping
  await expect(askKeepingAlive(app.url, '/health/live', new Agent())).rejects.toThrow('ECONNREFUSED')
  agent.destroy()
})
