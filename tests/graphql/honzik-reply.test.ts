import { describe, expect, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import { at, type GraphQLAnswer } from '../support/test-app.ts'
import { type Learner, startTutored, type Tutored } from '../support/tutored.ts'

const QUERY = `query ($input: HonzikReplyInput!) {
  honzikReply(input: $input) {
    reply correctedText correctnessScore suggestion engine model
    mistakes { original corrected explanation } newWords { czech translation example }
    cache { status key ageSeconds }
  }
}`

const say = (learner: Learner, text: string, input: Record<string, unknown> = {}) =>
  learner.ask(QUERY, { input: { text, ...input } })
const replyIn = (answer: GraphQLAnswer) => at(answer, 'data', 'honzikReply')
const statusIn = (answer: GraphQLAnswer) => at(answer, 'data', 'honzikReply', 'cache', 'status')
const errorIn = (answer: GraphQLAnswer) => answer.errors?.[0]?.extensions
const trouble = () => Promise.reject(new HonzikError('UPSTREAM_UNAVAILABLE', 'The model does not answer.'))

/** The header `x-cache` of what a bearer is answered. */
async function headerOf(app: Tutored, token: string, text: string, headers: Record<string, string> = {}) {
  const body = { query: QUERY, variables: { input: { text } } }
  const response = await app.post(body, { authorization: `Bearer ${token}`, ...headers })
  await response.arrayBuffer()
  return response.headers.get('x-cache')
}

describe('a reply', () => {
  test('corrects, explains and scores a text', async () => {
    await using app = await startTutored()
    expect(replyIn(await say(await app.learner(), 'Byl jsem v skole.'))).toEqual({
      reply: 'Slyším tě: Byl jsem v skole. A co dál?',
      correctedText: 'Byl jsem v škole.',
      correctnessScore: 75,
      suggestion: 'Zkus říct víc.',
      engine: 'OPENAI',
      model: 'a-model',
      mistakes: [{ original: 'skole', corrected: 'škole', explanation: 'Chybí háček.' }],
      newWords: [{ czech: 'škola', translation: 'school', example: 'Škola začíná v osm.' }],
      cache: { status: 'MISS', key: null, ageSeconds: 0 },
    })
  })

  test('is asked for as the learner’s profile and settings have it, unless the question says otherwise', async () => {
    await using app = await startTutored()
    const settings = { character: 'NOVAKOVA', conversationStyle: 'TUTOR', correctionsLevel: 'DETAILED' }
    const learner = await app.learner({ level: 'ADVANCED', nativeLanguage: 'uk', settings })
    await say(learner, 'Dobrý den!')
    const own = { ...settings, level: 'ADVANCED', nativeLanguage: 'uk' }
    expect(app.tutor.asked[0]).toEqual({ text: 'Dobrý den!', history: [], ...own })

    const other = { character: 'HONZIK', conversationStyle: 'CASUAL', correctionsLevel: 'MINIMAL' }
    const overrides = { ...other, level: 'NATIVE', nativeLanguage: 'de' }
    await say(learner, 'Dobrý den!', overrides)
    expect(app.tutor.asked[1]).toEqual({ text: 'Dobrý den!', history: [], ...overrides })
    await say(learner, 'Dobrý den!', { character: null, level: null })
    expect(app.tutor.asked).toHaveLength(2)
  })

  test('is kept nowhere and counts as nothing', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await say(learner, 'Ahoj!')
    const me = '{ me { messages { edges { node { id } } } dailyStats { messagesCount } stars { total } } }'
    expect(at(await learner.ask(me), 'data', 'me')).toEqual({
      messages: { edges: [] },
      dailyStats: { messagesCount: 0 },
      stars: { total: 0 },
    })
  })

  test.each([
    ['text', { text: '  ' }],
    ['text', { text: 'x'.repeat(2_001) }],
    ['text', { text: 'a\u0000b' }],
    ['nativeLanguage', { text: 'Ahoj!', nativeLanguage: 'xx' }],
  ])('is refused for bad input, by the name of %s', async (field, input) => {
    await using app = await startTutored()
    const answer = await (await app.learner()).ask(QUERY, { input })
    expect(errorIn(answer)).toEqual({ code: 'BAD_USER_INPUT', field })
    expect(app.tutor.asked).toHaveLength(0)
  })

  test('for staff who are no learners needs a learner', async () => {
    await using app = await startTutored()
    expect(errorIn(await app.asStaff(QUERY, { input: { text: 'Ahoj!' } }))).toEqual({ code: 'NOT_FOUND' })
  })
})

describe('a reply that was given before', () => {
  test('is given again without asking, however the text was encoded, and says how old it is', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    const first = await say(learner, 'Byl jsem v škole.')
    app.pass({ seconds: 90, milliseconds: 900 })
    const second = await say(learner, '  Byl jsem\n v škole. '.normalize('NFD'))
    expect(replyIn(second)).toEqual({
      ...Object(replyIn(first)),
      cache: { status: 'HIT', key: null, ageSeconds: 90 },
    })
    expect(app.tutor.asked).toHaveLength(1)
  })

  test('looks new to every learner who has not asked the same', async () => {
    await using app = await startTutored()
    const [ada, bob] = [await app.learner(), await app.learner()]
    expect(statusIn(await say(ada, 'Ahoj!'))).toBe('MISS')
    app.pass({ minutes: 1 })
    expect(at(await say(bob, 'Ahoj!'), 'data', 'honzikReply', 'cache')).toEqual({
      status: 'MISS',
      key: null,
      ageSeconds: 0,
    })
    expect([statusIn(await say(ada, 'Ahoj!')), statusIn(await say(bob, 'Ahoj!'))]).toEqual(['HIT', 'HIT'])
    expect(app.tutor.asked).toHaveLength(1)
  })

  test('tells in its headers no more than in its answer', async () => {
    await using app = await startTutored()
    const [ada, bob] = [await app.learner(), await app.learner()]
    await say(ada, 'Ahoj!')
    // So that nothing else of the answer is new.
    await say(bob, 'Dobrý den!')
    expect(await headerOf(app, bob.token, 'Ahoj!')).toBe('MISS')
    expect(await headerOf(app, bob.token, 'Ahoj!')).toBe('HIT')
  })

  test('is not another character’s', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await say(learner, 'Ahoj!')
    const formal = await say(learner, 'Ahoj!', { character: 'NOVAKOVA' })
    expect(at(formal, 'data', 'honzikReply', 'reply')).toContain('Slyším vás')
    expect(statusIn(formal)).toBe('MISS')
  })

  test('is known to staff by its key, under which an admin can have it forgotten', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await say(learner, 'Ahoj!')
    const seen = await app.asStaff(QUERY, { input: { text: 'Ahoj!', userId: learner.id } })
    expect(statusIn(seen)).toBe('HIT')
    const key = at(seen, 'data', 'honzikReply', 'cache', 'key')
    expect(key).toMatch(/^reply:[0-9a-f]{64}$/)
    const purge = (input: object) => app.tokenOf('admin', 1).then((token) => app.ask(PURGE, { input }, token))
    await purge({ all: true })
    expect(statusIn(await say(learner, 'Ahoj!'))).toBe('HIT')
    expect(at(await purge({ tags: [key] }), 'data', 'purgeCache', 'purgedTags')).toEqual([key])
    expect(statusIn(await say(learner, 'Ahoj!'))).toBe('MISS')
    expect(app.tutor.asked).toHaveLength(2)
  })

  test('may be bypassed by staff and by nobody else', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await say(learner, 'Ahoj!')
    for (const directive of ['no-cache', 'no-store'])
      expect(await headerOf(app, learner.token, 'Ahoj!', { 'cache-control': directive })).not.toBe('HIT')
    expect(app.tutor.asked).toHaveLength(1)

    const staff = { authorization: `Bearer ${await app.tokenOf('staff', 999_999)}` }
    const body = { query: QUERY, variables: { input: { text: 'Ahoj!', userId: learner.id } } }
    for (const [times, directive] of ['no-cache', 'no-store'].entries()) {
      const response = await app.post(body, { ...staff, 'cache-control': directive })
      expect(at(await response.json(), 'data', 'honzikReply', 'cache', 'status')).toBe('BYPASS')
      expect(app.tutor.asked).toHaveLength(times + 2)
    }
  })

  test('is remembered for as long as the configuration says', async () => {
    await using app = await startTutored({ config: { cacheTtls: { user: 60, stats: 60, other: 60, openai: 100 } } })
    const learner = await app.learner()
    await say(learner, 'Ahoj!')
    app.pass({ seconds: 99 })
    expect(statusIn(await say(learner, 'Ahoj!'))).toBe('HIT')
    app.pass({ seconds: 2 })
    expect(statusIn(await say(learner, 'Ahoj!'))).toBe('MISS')
  })
})

const PURGE = 'mutation ($input: PurgeCacheInput!) { purgeCache(input: $input) { purgedTags } }'

describe('many who ask the same at once', () => {
  test('have it asked once', async () => {
    await using app = await startTutored()
    const learners = await Promise.all(Array.from({ length: 5 }, () => app.learner()))
    const { promise: go, resolve } = Promise.withResolvers<void>()
    app.tutor.answerBy(() => go)
    const answers = Promise.all(learners.flatMap((learner) => Array.from({ length: 4 }, () => say(learner, 'Ahoj!'))))
    await expect.poll(() => app.tutor.asked.length).toBe(1)
    resolve()
    // Whoever came when it was there already had asked the same a moment before.
    for (const status of (await answers).map(statusIn)) expect(['MISS', 'HIT']).toContain(status)
    expect(app.tutor.asked).toHaveLength(1)
  })
})

describe('a model that does not answer', () => {
  test('is an error that says so, is not remembered, and costs nobody a call', async () => {
    await using app = await startTutored({ openai: { dailyLimit: 1 } })
    const learner = await app.learner()
    app.tutor.answerBy(() =>
      Promise.reject(new HonzikError('UPSTREAM_UNAVAILABLE', 'The model is busy.', { retryAfterSeconds: 7 })),
    )
    expect((await say(learner, 'Ahoj!')).errors).toMatchObject([
      { message: 'The model is busy.', extensions: { code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 7 } },
    ])
    app.tutor.answerBy(async () => {})
    expect(statusIn(await say(learner, 'Ahoj!'))).toBe('MISS')
  })

  test('is made good by the fallback, whose answer is not remembered as the first one’s', async () => {
    await using app = await startTutored({ tutor: { fallback: 'another-model' } })
    const learner = await app.learner()
    let times = 0
    app.tutor.answerBy(async () => {
      times += 1
      if (times === 1) await trouble()
    })
    expect(replyIn(await say(learner, 'Ahoj!'))).toMatchObject({ model: 'another-model' })
    expect(replyIn(await say(learner, 'Ahoj!'))).toMatchObject({ model: 'a-model', cache: { status: 'MISS' } })
    expect(app.tutor.asked).toHaveLength(3)
  })

  test('has a fallback that is one more call: where there is none left, the model’s own failure is told', async () => {
    await using app = await startTutored({ tutor: { fallback: 'another-model' }, openai: { dailyLimit: 1 } })
    app.tutor.answerBy(async (_, { onSpent }) => {
      onSpent?.({ model: 'a-model', tokens: null, usd: null })
      await trouble()
    })
    const answer = await say(await app.learner(), 'Ahoj!')
    expect(errorIn(answer)).toEqual({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(app.tutor.asked).toHaveLength(1)
  })

  test('makes the service degraded, not unhealthy', async () => {
    await using app = await startTutored()
    app.tutor.state = 'UNAVAILABLE'
    const health = await app.ask('{ health { status ai { status } } }')
    expect(at(health, 'data', 'health')).toEqual({ status: 'DEGRADED', ai: { status: 'UNAVAILABLE' } })
  })
})

describe('a document', () => {
  test('asks a model a few times at most', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    const asking = (times: number) =>
      learner.ask(
        `{ ${Array.from({ length: times }, (_, n) => `a${n}: honzikReply(input: { text: "Číslo ${n}." }) { reply }`)} }`,
      )
    expect(errorIn(await asking(4))).toBeUndefined()
    expect(errorIn(await asking(5))).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' })
    expect(app.tutor.asked).toHaveLength(4)
  })
})

describe('the embedded engine’s reply', () => {
  test('costs nothing and is not remembered', async () => {
    await using app = await startTutored({ tutor: { model: null }, config: { openai: null } })
    const learner = await app.learner()
    for (let times = 0; times < 2; times += 1)
      expect(replyIn(await say(learner, 'Ahoj!'))).toMatchObject({
        engine: 'EMBEDDED',
        model: null,
        cache: { status: 'BYPASS', key: null, ageSeconds: 0 },
      })
    expect(app.tutor.asked).toHaveLength(2)
    const usage = await app.asStaff(`{ user(id: ${learner.id}) { tutorUsage { calls callsLimit } } }`)
    expect(at(usage, 'data', 'user', 'tutorUsage')).toEqual({
      calls: 0,
      callsLimit: null,
    })
  })
})
