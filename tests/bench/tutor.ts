import { startFakeOpenAI } from '../support/fake-openai/fake-openai.ts'
import { startRedis } from '../support/redis-server.ts'
import { makePhrases } from './tutor/phrases.ts'
import { type Bill, replay } from './tutor/replay.ts'
import { makeTrace } from './tutor/trace.ts'
import { openClient } from './world/client.ts'
import { makeLearners, settle } from './world/learners.ts'
import { administer, startDurablePostgres } from './world/postgres.ts'
import { count, percent, progress, say, sayTable } from './world/say.ts'
import { adminToken, serve } from './world/servers.ts'
import { latencyOf } from './world/turns.ts'

/*
 * What remembering the model's answers brings: how fast a remembered one is over HTTP, what `sendMessage` adds to the
 * model's own time, and how much of a week of 10,000 messages need not be paid for.
 */

const LEARNERS = 200
const MODEL_MS = 50
const ASKED = 2_000
const SENT = 400
const SEED = 2_026

const SAY = 'query ($id: ID!, $text: String!) { honzikReply(input: { userId: $id, text: $text }) { reply } }'
const SEND =
  'mutation ($id: ID!, $text: String!) { sendMessage(input: { userId: $id, text: $text }) { honzikReply { reply } } }'

await using postgres = await startDurablePostgres()
await using redis = await startRedis()
await using fake = await startFakeOpenAI()
progress(postgres.description)
const learners = await makeLearners(postgres.url, LEARNERS, 30)
const token = await adminToken()
const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, OPENAI_BASE_URL: fake.url }

/** How long each of the questions took, one after the other. */
async function timesOf(url: string, document: string, questions: readonly Record<string, string>[]): Promise<number[]> {
  using client = openClient(url, token)
  const times: number[] = []
  for (const question of questions) {
    const begun = performance.now()
    await client.ask(document, question)
    times.push(performance.now() - begun)
  }
  return times
}

/** The model's own time, as any client has it. */
async function modelTimes(times: number): Promise<number[]> {
  const body = JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'Ahoj!' }] })
  const taken: number[] = []
  for (let asked = 0; asked < times; asked += 1) {
    const begun = performance.now()
    await (await fetch(`${fake.url}/chat/completions`, { method: 'POST', body })).arrayBuffer()
    taken.push(performance.now() - begun)
  }
  return taken
}

async function sayLatencies(): Promise<void> {
  await using server = await serve({ ...env, OPENAI_DAILY_LIMIT: '0' })
  const phrases = makePhrases(SENT + 100, SEED)
  const id = String(learners[0])
  const few = phrases.slice(0, 100).map((text) => ({ id, text }))
  progress('asking for what is remembered')
  await timesOf(server.url, SAY, few)
  const again = Array.from({ length: ASKED / few.length }, () => few).flat()
  await timesOf(server.url, SAY, again)
  const remembered = latencyOf('a remembered answer', await timesOf(server.url, SAY, again))

  fake.latencyMs = MODEL_MS
  progress('sending messages')
  const sent = phrases.slice(100).map((text, index) => ({ id: String(learners[index % LEARNERS]), text }))
  await timesOf(server.url, SEND, sent.slice(0, SENT / 4))
  const messages = latencyOf('sendMessage', await timesOf(server.url, SEND, sent.slice(SENT / 4)))
  const model = latencyOf('the model alone', await modelTimes(SENT / 2))
  fake.latencyMs = 0
  sayTable(
    ['over HTTP, one at a time', 'p50 ms', 'p95 ms'],
    [remembered, messages, model].map(({ name, medianMs, p95Ms }) => [name, medianMs.toFixed(2), p95Ms.toFixed(2)]),
  )
  say(`sendMessage adds ${(messages.medianMs - model.medianMs).toFixed(2)} ms to the model's own time.`)
}

async function sayTraces(): Promise<void> {
  const trace = makeTrace({ messages: 10_000, learners: LEARNERS, phrases: 3_000, seed: SEED })
  const rows: (string | number)[][] = []
  for (const [settings, change] of Object.entries(SETTINGS)) {
    await administer(postgres.url, change)
    for (const [name, document] of Object.entries({ honzikReply: SAY, sendMessage: SEND })) {
      await settle(postgres.url)
      await redis.command('FLUSHALL')
      progress(`${name}, ${settings}`)
      rows.push([name, settings, ...cellsOf(await replay(trace, { env, database: postgres.url, learners, document }))])
    }
  }
  say(`\n10,000 messages of ${LEARNERS} learners in a week, by Zipf's law from 3,000 phrases`)
  sayTable(['', 'learners', 'calls', 'hit rate', 'USD spent', 'USD saved', 'of the bill'], rows)
}

/** Answers are shared by learners who want to be taught alike; both ends of that are shown. */
const SETTINGS = {
  'of 288 ways to be taught': `update users set native_language = (array['en', 'uk', 'de', 'vi'])[1 + id % 4]`,
  'all taught alike': `with settings as (
      update user_settings set conversation_style = 'FRIENDLY', corrections_level = 'BALANCED', character = 'HONZIK')
    update users set native_language = 'en', level = 'BEGINNER'`,
}

const cellsOf = ({ messages, calls, recalled, usdSpent, usdSaved }: Bill) => [
  count(calls),
  percent(recalled, messages),
  usdSpent.toFixed(2),
  usdSaved.toFixed(2),
  percent(usdSaved, usdSpent + usdSaved),
]

await sayLatencies()
await sayTraces()
