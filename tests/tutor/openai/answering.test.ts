import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lessonOf, openWorld, prompts } from './world.ts'

const history = [
  { role: 'USER', text: 'Dobrý den!' },
  { role: 'ASSISTANT', text: 'Ahoj! Co jsi dělal?' },
] as const

/** Hears a whole streamed answer. */
async function heard(world: Awaited<ReturnType<typeof openWorld>>, lesson = lessonOf()) {
  const pieces: string[] = []
  const answer = await world
    .prepare(lesson)
    .ask({ signal: new AbortController().signal, onText: (text) => pieces.push(text) })
  return { answer, pieces }
}

describe('a lesson', () => {
  test('is answered by the model', async () => {
    await using world = await openWorld()
    const { reply } = await world.ask()
    expect(reply).toMatchObject({
      reply: 'Rozumím: „Vcera jsem byl doma.“. A co ty?',
      correctedText: 'Včera jsem byl doma.',
      mistakes: [{ original: 'Vcera', corrected: 'Včera' }],
      correctnessScore: 85,
      engine: 'OPENAI',
      model: 'big',
    })
  })

  test('is sent with its history, each of the learner’s texts delimited', async () => {
    await using world = await openWorld()
    const lesson = lessonOf({ history })
    await world.ask(lesson)
    expect(world.fake.requests[0]?.body.messages).toEqual([
      { role: 'system', content: prompts.systemFor(lesson) },
      { role: 'user', content: prompts.delimited('Dobrý den!') },
      { role: 'assistant', content: 'Ahoj! Co jsi dělal?' },
      { role: 'user', content: prompts.delimited('Vcera jsem byl doma.') },
    ])
  })

  test('is sent with nothing else than what decides the answer', async () => {
    await using world = await openWorld()
    await world.ask()
    const { body, headers } = world.fake.requests[0] ?? {}
    expect(Object.keys(body ?? {}).sort()).toEqual(['max_completion_tokens', 'messages', 'model', 'response_format'])
    expect(Object.keys(headers ?? {}).filter((name) => /openai|stainless|user$/.test(name))).toEqual([])
    expect(headers?.authorization).toBe('Bearer sk-test')
  })

  test('asks for an answer in a strict schema, its reply first', async () => {
    await using world = await openWorld()
    await world.ask()
    const format = world.fake.requests[0]?.body['response_format']
    expect(format).toMatchObject({ type: 'json_schema', json_schema: { strict: true } })
    const objects = JSON.stringify(format).match(/\{"type":"object"/g)?.length
    expect(JSON.stringify(format).match(/"additionalProperties":false/g)?.length).toBe(objects)
    expect(JSON.stringify(format)).toContain('"properties":{"reply":')
    expect(JSON.stringify(format)).not.toMatch(/"(\$schema|min|max|pattern|format|default)\w*":/)
  })

  test('can be answered by a server that wants no key', async () => {
    await using world = await openWorld({ apiKey: null })
    expect((await world.ask()).reply.engine).toBe('OPENAI')
  })
})

describe('a streamed lesson', () => {
  test('is the same request, but for the flags of the stream', async () => {
    await using world = await openWorld()
    await world.ask()
    await heard(world)
    const [whole, streamed] = world.fake.requests
    expect(streamed?.body).toEqual({ ...whole?.body, stream: true, stream_options: { include_usage: true } })
  })

  test('is given out in pieces that are the reply together', async () => {
    await using world = await openWorld()
    const text = 'Vcera jsem byl doma a četl jsem dlouhou knihu o psech a kočkách, která se mi moc líbila.'
    const { answer, pieces } = await heard(world, lessonOf({ text }))
    expect(pieces.length).toBeGreaterThan(3)
    expect(pieces.join('')).toBe(answer.reply.reply)
    expect(answer).toEqual(await world.ask(lessonOf({ text })))
  })

  test('is given out as it is settled, white space and all', async () => {
    await using world = await openWorld()
    world.fake.play({ kind: 'answer', changes: { reply: '  Ahoj,\n\n jak   se\tma\u0301s\u030c?\u0000 ' } })
    const { answer, pieces } = await heard(world)
    expect(pieces.join('')).toBe('Ahoj, jak se máš?')
    expect(answer.reply.reply).toBe('Ahoj, jak se máš?')
  })

  test('is refused when its JSON has two replies, of which one was given out', async () => {
    await using world = await openWorld()
    const { reply } = await world.ask()
    world.fake.play({ kind: 'content', content: `{"reply":"Jiná?",${JSON.stringify(reply).slice(1)}` })
    await expect(heard(world)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(world.events.at(-1)).toMatchObject({ kind: 'failed', trouble: 'schema' })
  })
})

describe('what an answer costs', () => {
  const prices = new Map([['big', { in: 2, cached: 0.5, out: 8 }]])

  test('is what the server counts, at the configured price', async () => {
    await using world = await openWorld({ prices })
    const { tokens, usd } = await world.ask()
    if (tokens === null) throw new Error('no tokens')
    const { tokensIn, tokensCached, tokensOut } = tokens
    expect(Math.min(tokensIn, tokensOut)).toBeGreaterThan(10)
    expect(usd).toBeCloseTo(((tokensIn - tokensCached) * 2 + tokensCached * 0.5 + tokensOut * 8) / 1e6, 12)
    expect(world.events).toMatchObject([{ kind: 'answered', model: 'big', tokens, usd }])
  })

  test('is the same for a streamed answer', async () => {
    await using world = await openWorld({ prices })
    const { answer } = await heard(world)
    expect(answer.usd).toBe((await world.ask()).usd)
  })

  test('is not known when the server does not count', async () => {
    await using world = await openWorld({ prices })
    world.fake.play({ kind: 'usage', usage: undefined })
    expect(await world.ask()).toMatchObject({ tokens: null, usd: null })
    expect((await heard(world)).answer).toMatchObject({ tokens: null, usd: null })
  })

  test.each([
    { title: 'in a way of its own', usage: { prompt_tokens: 'many' } },
    { title: 'more than there can be', usage: { prompt_tokens: 2 ** 31, completion_tokens: 5 } },
    { title: 'less than nothing', usage: { prompt_tokens: 10, completion_tokens: -1 } },
  ])('is not known when the server counts $title', async ({ usage }) => {
    await using world = await openWorld({ prices })
    world.fake.play({ kind: 'usage', usage })
    expect(await world.ask()).toMatchObject({ reply: { engine: 'OPENAI' }, tokens: null, usd: null })
    expect((await heard(world)).answer).toMatchObject({ tokens: null, usd: null })
  })

  test('has no more tokens cached than were sent, and none where the server keeps nothing', async () => {
    await using world = await openWorld({ prices })
    const usage = { prompt_tokens: 10, completion_tokens: 5 }
    world.fake.play({ kind: 'usage', usage: { ...usage, prompt_tokens_details: { cached_tokens: 99 } } }, 1)
    world.fake.play({ kind: 'usage', usage }, 1)
    expect((await world.ask()).tokens).toEqual({ tokensIn: 10, tokensCached: 10, tokensOut: 5 })
    expect((await world.ask()).tokens).toEqual({ tokensIn: 10, tokensCached: 0, tokensOut: 5 })
  })

  test('is known up to the greatest count there can be', async () => {
    await using world = await openWorld({ prices })
    const most = 2 ** 31 - 1
    world.fake.play({ kind: 'usage', usage: { prompt_tokens: most, completion_tokens: 0 } })
    expect((await world.ask()).tokens).toEqual({ tokensIn: most, tokensCached: 0, tokensOut: 0 })
  })

  test('is not known when the model has no price', async () => {
    await using world = await openWorld()
    const { tokens, usd } = await world.ask()
    expect(tokens).not.toBeNull()
    expect(usd).toBeNull()
  })

  test('is measured in milliseconds of the clock that was given', async () => {
    let now = 0
    await using world = await openWorld({ clock: () => (now += 100) })
    await world.ask()
    const [event] = world.events
    expect(event?.kind === 'answered' && event.milliseconds % 100 === 0 && event.milliseconds >= 100).toBe(true)
  })
})

describe('the environment', () => {
  const { console: usual } = globalThis

  afterEach(() => {
    vi.unstubAllEnvs()
    globalThis.console = usual
  })

  test('is not looked at, and nothing is logged', async () => {
    const said = new PassThrough()
    globalThis.console = new Console(said)
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    await using world = await openWorld({ apiKey: null })
    await world.ask()
    world.fake.play({ kind: 'cut', afterBytes: 700, politely: true })
    await heard(world).catch(() => {})
    expect(world.fake.requests).toHaveLength(2)
    expect(JSON.stringify(world.fake.requests)).not.toMatch(/env/i)
    expect(said.readableLength).toBe(0)
  })

  const variables = {
    OPENAI_ORG_ID: 'org-env',
    OPENAI_PROJECT_ID: 'proj-env',
    OPENAI_API_KEY: 'sk-env',
    OPENAI_ADMIN_KEY: 'sk-admin-env',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/env',
    OPENAI_LOG: 'debug',
    OPENAI_CUSTOM_HEADERS: 'X-Env: yes\nAuthorization: Bearer sk-env',
  }
})

test('a fallback is another way to have the lesson answered, with a fingerprint of its own', async () => {
  await using world = await openWorld({ fallbackModel: 'small' })
  const ways = world.tutor.prepare(lessonOf())
  expect(new Set(ways.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  const signal = new AbortController().signal
  const answers = await Promise.all(ways.map((way) => way.ask({ signal })))
  expect(answers.map(({ reply }) => reply.model)).toEqual(['big', 'small'])
})
