import { createClient } from 'graphql-sse'
import { describe, expect, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import { at } from '../support/test-app.ts'
import { type Learner, startTutored, type Tutored } from '../support/tutored.ts'

const FOLLOW = `subscription ($input: HonzikReplyInput!) {
  honzikReply(input: $input) { text reply { reply engine cache { status } } }
}`

/** The parts of a stream, as the protocol's own client reads them. */
async function follow(app: Tutored, { token }: Pick<Learner, 'token'>, input: object, query = FOLLOW) {
  const client = createClient({
    url: `${app.url}/graphql`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  const parts: unknown[] = []
  for await (const part of client.iterate({ query, variables: { input } })) parts.push(part)
  client.dispose()
  return parts
}

/** The answer as it is on the wire. */
function raw(app: Tutored, token: string | null, body: object, headers: Record<string, string> = {}) {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  return app.post(body, { accept: 'text/event-stream', ...authorization, ...headers })
}

const textsIn = (parts: readonly unknown[]) =>
  parts.map((part) => at(part, 'data', 'honzikReply', 'text')).filter((text) => typeof text === 'string')
const codeIn = (part: unknown) => at(part, 'errors', 0, 'extensions', 'code')

describe('a streamed reply', () => {
  test('comes as its text, piece by piece, and then the whole', async () => {
    await using app = await startTutored()
    const parts = await follow(app, await app.learner(), { text: 'Ahoj!' })
    const last = parts.at(-1)
    expect(at(last, 'data', 'honzikReply')).toEqual({
      text: null,
      reply: { reply: 'Slyším tě: Ahoj! A co dál?', engine: 'OPENAI', cache: { status: 'MISS' } },
    })
    expect(textsIn(parts)).toEqual(['Slyším ', 'tě: ', 'Ahoj! ', 'A ', 'co ', 'dál?'])
  })

  test('that is remembered comes the same way', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    const first = await follow(app, learner, { text: 'Ahoj!' })
    const parts = await follow(app, learner, { text: 'Ahoj!' })
    expect(textsIn(parts)).toEqual(textsIn(first))
    expect(at(parts.at(-1), 'data', 'honzikReply', 'reply', 'cache', 'status')).toBe('HIT')
    expect(app.tutor.asked).toHaveLength(1)
  })

  test('shows each piece before the next one is there', async () => {
    await using app = await startTutored()
    const { token } = await app.learner()
    const { promise: go, resolve } = Promise.withResolvers<void>()
    app.tutor.answerBy(async (_, { onText }) => {
      onText?.('První ')
      await go
    })
    const response = await raw(app, token, { query: FOLLOW, variables: { input: { text: 'Ahoj!' } } })
    let seen = ''
    for await (const chunk of response.body ?? []) {
      seen += Buffer.from(chunk).toString()
      if (seen.includes('První ')) resolve()
    }
    expect(seen).toContain('event: complete')
    expect(seen.indexOf('První ')).toBeLessThan(seen.indexOf('A co dál?'))
  })

  test('ends with an error where the model does not answer', async () => {
    await using app = await startTutored()
    app.tutor.answerBy(async (_, { onText }) => {
      onText?.('Začátek… ')
      throw new HonzikError('UPSTREAM_UNAVAILABLE', 'The model is busy.', { retryAfterSeconds: 3 })
    })
    const parts = await follow(app, await app.learner(), { text: 'Ahoj!' })
    expect(textsIn(parts)).toEqual(['Začátek… '])
    expect(at(parts.at(-1), 'errors', 0)).toMatchObject({
      message: 'The model is busy.',
      path: ['honzikReply'],
      extensions: { code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 3 },
    })
  })

  test('says nothing of a fault, and the log says it', async () => {
    await using app = await startTutored()
    app.tutor.answerBy(() => Promise.reject(new Error('a secret')))
    const parts = await follow(app, await app.learner(), { text: 'Ahoj!' })
    expect(at(parts[0], 'errors', 0, 'message')).toBe('Internal server error')
    expect(JSON.stringify(parts)).not.toContain('secret')
    expect(app.lines.filter(({ msg }) => msg === 'fault')).toHaveLength(1)
  })

  test('is given up when its reader goes', async () => {
    await using app = await startTutored()
    const { token } = await app.learner()
    const { promise: aborted, resolve } = Promise.withResolvers<void>()
    app.tutor.answerBy((_, { signal, onText }) => {
      onText?.('První ')
      return new Promise((__, reject) => {
        signal.addEventListener('abort', () => {
          resolve()
          reject(signal.reason)
        })
      })
    })
    const controller = new AbortController()
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query: FOLLOW, variables: { input: { text: 'Ahoj!' } } }),
      signal: controller.signal,
    })
    await response.body?.getReader().read()
    controller.abort()
    await aborted
  })
})

describe('a stream', () => {
  test('is for those who may ask, and tells others why not', async () => {
    await using app = await startTutored()
    const [ada, bob] = [await app.learner(), await app.learner()]
    expect(codeIn((await follow(app, { token: 'x' }, { text: 'Ahoj!' }))[0])).toBe('UNAUTHENTICATED')
    expect(codeIn((await follow(app, bob, { text: 'Ahoj!', userId: String(ada.id) }))[0])).toBe('NOT_FOUND')
    expect(at((await follow(app, ada, { text: ' ' }))[0], 'errors', 0, 'extensions')).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'text',
    })
  })

  test.each([
    ['{ health { status } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['mutation { deleteUser(input: { id: 1 }) { deletedId } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription {', 'GRAPHQL_PARSE_FAILED'],
    [`subscription { honzikReply(input: { text: "x" }) { ${'text '.repeat(2_001)} } }`, 'GRAPHQL_PARSE_FAILED'],
    [
      `subscription { honzikReply(input: { text: "x" }) { ${Array.from({ length: 31 }, (_, n) => `a${n}: text`)} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['subscription ($i: HonzikReplyInput!) { honzikReply(input: $i) { text } }', 'BAD_USER_INPUT'],
  ])('keeps to the limits: %s', async (query, code) => {
    await using app = await startTutored()
    const parts = await follow(app, await app.learner(), {}, query)
    expect(codeIn(parts[0])).toBe(code)
    expect(parts).toHaveLength(1)
    expect(app.tutor.asked).toHaveLength(0)
  })

  test('of variables that are nothing but wrong is refused in a few words', async () => {
    await using app = await startTutored()
    const input = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`a${n}`, 0]))
    const response = await raw(app, null, { query: FOLLOW, variables: { input } })
    const answer = await response.text()
    expect(answer).toContain('BAD_USER_INPUT')
    expect(answer.length).toBeLessThan(20_000)
  })

  test.each([{}, { query: 7 }])('without a query is refused: %j', async (body) => {
    await using app = await startTutored()
    const response = await raw(app, (await app.learner()).token, body)
    expect(response.status).toBe(400)
    expect(at(await response.json(), 'errors', 0, 'extensions')).toEqual({ code: 'BAD_USER_INPUT', field: 'query' })
  })

  test('is what a subscription gets from a client that accepts anything, and nothing else is', async () => {
    await using app = await startTutored()
    const { token } = await app.learner()
    const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed'
    const typeOf = async (query: string) => {
      const response = await raw(app, token, { query, variables: { input: { text: 'Ahoj!' } } }, { accept })
      await response.text()
      return response.headers.get('content-type')
    }
    expect(await typeOf(FOLLOW)).toContain('text/event-stream')
    expect(await typeOf('{ me { id } }')).toContain('json')
    expect(await typeOf('query subscription { me { id } }')).toContain('json')
  })

  test('has the headers of every answer, and may be read from the web app', async () => {
    await using app = await startTutored({ config: { corsOrigins: ['https://app.example.com'] } })
    const body = { query: FOLLOW, variables: { input: { text: 'Ahoj!' } } }
    const response = await raw(app, (await app.learner()).token, body, { origin: 'https://app.example.com' })
    await response.text()
    const { headers } = response
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-cache')
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(headers.get('x-request-id')).not.toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-accel-buffering')).toBe('no')
  })

  test('is one line in the log, with its operation', async () => {
    await using app = await startTutored()
    const named = FOLLOW.replace('subscription', 'subscription Follow')
    await follow(app, await app.learner(), { text: 'Tajné!' }, named)
    await expect
      .poll(() => app.lines.filter(({ operation }) => operation === 'Follow'))
      .toEqual([expect.objectContaining({ method: 'POST', status: 200 })])
    expect(JSON.stringify(app.lines)).not.toContain('Tajné')
  })
})

describe('a subscription that is not asked for as a stream', () => {
  test('is told how to ask', async () => {
    await using app = await startTutored()
    const { token } = await app.learner()
    const answer = await app.ask(FOLLOW, { input: { text: 'Ahoj!' } }, token)
    expect(codeIn(answer)).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(at(answer, 'errors', 0, 'message')).toContain('accept: text/event-stream')
    expect(app.lines.filter(({ msg }) => msg === 'fault')).toEqual([])
  })
})

describe('a stream whose model fails in the middle', () => {
  test('has no second beginning from the fallback, whose reply comes whole', async () => {
    await using app = await startTutored({ tutor: { fallback: 'another-model' } })
    let times = 0
    app.tutor.answerBy(async (_, { onText }) => {
      times += 1
      if (times > 1) return
      onText?.('Začátek… ')
      throw new HonzikError('UPSTREAM_UNAVAILABLE', 'The model is busy.')
    })
    const parts = await follow(app, await app.learner(), { text: 'Ahoj!' })
    expect(textsIn(parts)).toEqual(['Začátek… '])
    expect(at(parts.at(-1), 'data', 'honzikReply', 'reply')).toMatchObject({ reply: 'Slyším tě: Ahoj! A co dál?' })
  })
})
