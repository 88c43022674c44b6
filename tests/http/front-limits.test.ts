import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createLearner } from '../support/people.ts'
import { at } from '../support/test-app.ts'
import { bearer, inUrl, type Received, startWholeApp } from './whole-app.ts'

async function started(rateLimitPerMinute: number | null = 3) {
  const app = await startWholeApp({ rateLimitPerMinute })
  onTestFinished(() => app[Symbol.asyncDispose]())
  const id = await createLearner(app)
  const learner = bearer(await app.tokenOf('user', id))
  const name = { query: `{ user(id: ${id}) { firstName } }` }
  const change = { query: `mutation { updateUser(input: { id: ${id} }) { user { id } } }` }
  const ask = (body: object | string = name, headers: Record<string, string> = learner) =>
    app.exchange({ body, headers })
  return { app, id, name, change, ask, learner }
}

const leftOf = ({ headers }: Received) => headers['x-ratelimit-remaining']

describe('a limit of requests a minute', () => {
  test('counts what is made, what is kept and what is changed, each once', async () => {
    const { ask, change } = await started()
    const answers = [await ask(), await ask(), await ask(change)]
    expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'HIT', undefined])
    expect(answers.map(leftOf)).toEqual(['2', '1', '0'])
    for (const { headers, status } of answers) {
      expect([status, headers['x-ratelimit-limit']]).toEqual([200, '3'])
      expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(0)
    }
  })

  test('refuses the next one, be it kept or not, and says when to come again', async () => {
    const { ask, change } = await started()
    for (let n = 0; n < 3; n += 1) await ask()
    for (const refused of [await ask(), await ask({ query: '{ me { level } }' }), await ask(change)]) {
      expect([refused.status, leftOf(refused), refused.cache]).toEqual([429, '0', undefined])
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect(refused.headers['x-ratelimit-reset']).toBe(refused.headers['retry-after'])
      expect(refused.headers['cache-control']).toBe('no-store')
      expect(at(JSON.parse(refused.text), 'errors', 0)).toMatchObject({
        message: 'At most 3 requests a minute.',
        extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) },
      })
    }
  })

  test('counts what is wrong, and what the framework answers, once as well', async () => {
    const { app, ask, learner, name } = await started(10)
    expect(leftOf(await ask({ query: '{ wrong }' }))).toBe('9')
    expect(leftOf(await ask({ query: '{ user(id: "x") { id } }' }))).toBe('8')
    expect(leftOf(await app.exchange({ body: name, headers: { ...learner, 'x-cache-debug': '1' } }))).toBe('7')
    expect(leftOf(await app.exchange({ method: 'GET', path: inUrl(name), headers: learner }))).toBe('6')
    expect(
      leftOf(await ask({ query: 'query ($n: Int!) { me { statsRange(days: $n) { date } } }', variables: { n: 'x' } })),
    ).toBe('5')
  })

  test('is each viewer’s own, and one for all who are nobody from one address', async () => {
    const { app, ask } = await started()
    const eva = bearer(await app.tokenOf('user', await createLearner(app)))
    for (let n = 0; n < 3; n += 1) await ask()
    expect((await ask()).status).toBe(429)
    expect(leftOf(await ask({ query: '{ me { firstName } }' }, eva))).toBe('2')
    const schema = { query: '{ __type(name: "User") { name } }' }
    for (const authorization of ['', 'Bearer x', 'Bearer y'])
      expect((await ask(schema, { authorization })).status).toBe(200)
    expect((await ask(schema, { authorization: 'Bearer z' })).status).toBe(429)
  })

  test('that is not set says nothing', async () => {
    const { ask } = await started(null)
    for (const { headers } of [await ask(), await ask()])
      expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
  })
})

describe('while the server is stopping', () => {
  test('what is kept is still answered, and the connection is closed after it', async () => {
    const { app, ask } = await started(null)
    const first = await ask()
    app.drain()
    const second = await ask()
    expect([second.status, second.text, second.headers['connection']]).toEqual([200, first.text, 'close'])
  })

  test('what is under way is answered, and nobody waits for its connection', async () => {
    const { app, ask } = await started(null)
    const { promise, resolve } = Promise.withResolvers<void>()
    app.reading.held = promise
    const answer = ask()
    await eventually(() => expect(app.reading.count).toBeGreaterThan(0))
    app.drain()
    resolve()
    expect(await answer).toMatchObject({ status: 200, headers: { connection: 'close' } })
  })
})
