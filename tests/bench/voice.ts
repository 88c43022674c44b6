import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { startFakeOpenAI } from '../support/fake-openai/fake-openai.ts'
import { median } from './support/timing.ts'
import { makeRecording, uploadOf } from './voice/recording.ts'
import { type Acknowledged, Uploads } from './voice/uploads.ts'
import { makeLearners } from './world/learners.ts'
import { startDurablePostgres } from './world/postgres.ts'
import { progress, say, sayTable } from './world/say.ts'
import { adminToken, serve } from './world/servers.ts'

/*
 * How long a learner waits for voice: for the acknowledgement of a recording of 200 kB while 49 others send theirs at the
 * same moment, and for the text beyond the time that models take themselves, which is 8 s a call.
 */

const AT_ONCE = 50
const BURSTS = 20
const MODEL_MS = 8_000
/** Between two bursts; what came before is being worked on meanwhile. */
const PAUSE_MS = 1_000

await using postgres = await startDurablePostgres()
await using fake = await startFakeOpenAI({ latencyMs: MODEL_MS })
progress(postgres.description)
const learners = await makeLearners(postgres.url, AT_ONCE * BURSTS, 1)
const token = await adminToken()
const recording = makeRecording()
const env = { DATABASE_URL: postgres.url, OPENAI_BASE_URL: fake.url, OPENAI_DAILY_LIMIT: '0', JOBS_MAX: '100000' }

const quantile = (times: readonly number[], part: number): number =>
  times.toSorted((one, other) => one - other)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN

/** All of one burst at the same moment. Bodies are made before. */
function burst(uploads: Uploads, number: number): Promise<Acknowledged[]> {
  const senders = learners.slice(number * AT_ONCE, (number + 1) * AT_ONCE)
  const bodies = senders.map((id) => uploadOf(recording, String(id)))
  return Promise.all(bodies.map((body) => uploads.send(body)))
}

async function acknowledgements(): Promise<void> {
  await using server = await serve(env)
  using uploads = new Uploads(server.url, token, AT_ONCE)
  const times: number[] = []
  for (let number = 0; number < BURSTS; number += 1) {
    const sent = await burst(uploads, number)
    // The first ones find code that was never run.
    if (number >= 2) times.push(...sent.map(({ begunAt, acknowledgedAt }) => acknowledgedAt - begunAt))
    await sleep(PAUSE_MS)
  }
  const cells = [median(times), quantile(times, 0.95), quantile(times, 0.99), Math.max(...times)]
  sayTable(
    [
      `acknowledgement of ${(recording.length / 1000).toFixed(0)} kB, ${AT_ONCE} at once`,
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'worst ms',
    ],
    [[`${times.length} uploads`, ...cells.map((ms) => ms.toFixed(1))]],
  )
}

const FOLLOW = 'subscription ($id: ID!) { jobUpdated(id: $id) { status result { starsEarned } speech { bytes } } }'

/** How long after the upload each part was heard of, in milliseconds. */
async function follow(url: string, { jobId, begunAt }: Acknowledged): Promise<{ text: number; speech: number }> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${token}` },
  })
  let textAt = Number.NaN
  for await (const { data } of client.iterate<{
    jobUpdated: { status: string; result: object | null; speech: object | null }
  }>({
    query: FOLLOW,
    variables: { id: jobId },
  })) {
    if (data?.jobUpdated.result && Number.isNaN(textAt)) textAt = performance.now() - begunAt
    if (data?.jobUpdated.speech) return { text: textAt, speech: performance.now() - begunAt }
  }
  throw new Error(`the job ${jobId} ended without a speech`)
}

async function texts(): Promise<void> {
  await using server = await serve(env)
  using uploads = new Uploads(server.url, token, AT_ONCE)
  const heard = await Promise.all((await burst(uploads, 0)).map((sent) => follow(server.url, sent)))
  const rows = [
    ['text, after 2 calls', heard.map(({ text }) => text - 2 * MODEL_MS)] as const,
    ['speech, after 3 calls', heard.map(({ speech }) => speech - 3 * MODEL_MS)] as const,
  ]
  sayTable(
    [`${AT_ONCE} at once, beyond the models' own ${MODEL_MS / 1000} s a call`, 'p50 ms', 'worst ms'],
    rows.map(([name, times]) => [name, median(times).toFixed(0), Math.max(...times).toFixed(0)]),
  )
}

// In this order: what is only acknowledged is still being worked on at the end.
progress('following recordings')
await texts()
progress('sending recordings')
await acknowledgements()
say('')
