import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { withConnections } from '../../src/db/server.ts'
import { startFakeOpenAI } from '../support/fake-openai/fake-openai.ts'
import { median, quantile } from './support/timing.ts'
import { aloneMs } from './voice/models.ts'
import { makeRecording, uploadOf } from './voice/recording.ts'
import { type Acknowledged, Uploads } from './voice/uploads.ts'
import { makeLearners } from './world/learners.ts'
import { startDurablePostgres } from './world/postgres.ts'
import { progress, say, sayTable } from './world/say.ts'
import { adminToken, serve } from './world/servers.ts'

/*
 * How long a learner waits for voice: for the acknowledgement of a recording of 200 kB while 49 others send theirs, and for
 * the text beyond the time that models take themselves, which is 8 s a call. Others send theirs over links of 1.6 Mbit/s,
 * so that 50 are being sent at any time, or all at the very same moment, from this machine.
 */

const AT_ONCE = 50
const ROUNDS = 20
const WARM_UP = 2
const MODEL_MS = 8_000
const LINK_MS = 1_000
/** As many connections as a server has. */
const POOL = 10
/** Between two rounds; what came before is being worked on meanwhile. */
const PAUSE_MS = 1_000

await using postgres = await startDurablePostgres()
await using fake = await startFakeOpenAI({ latencyMs: MODEL_MS })
// Each recording says something else, or one answer would do for all.
fake.hears = (audio) => `Vcera jsem byl v skola, a to ${hash('sha256', audio).slice(0, 8)}.`
progress(postgres.description)
const learners = await makeLearners(postgres.url, AT_ONCE * ROUNDS, 1)
const token = await adminToken()
const recording = makeRecording()
const env = { DATABASE_URL: postgres.url, OPENAI_BASE_URL: fake.url, OPENAI_DAILY_LIMIT: '0', JOBS_MAX: '100000' }

/** One upload of each of 50 learners: at the same moment, or, over links, each beginning at its own moment. */
function round(uploads: Uploads, number: number, linkMs: number): Promise<Acknowledged[]> {
  const senders = learners.slice(number * AT_ONCE, (number + 1) * AT_ONCE)
  const bodies = senders.map((id) => uploadOf(recording, String(id)))
  return Promise.all(
    bodies.map(async (body, index) => {
      if (linkMs > 0) await sleep((linkMs * index) / AT_ONCE)
      return uploads.send(body, linkMs)
    }),
  )
}

async function acknowledgements(name: string, linkMs: number): Promise<(string | number)[]> {
  await using server = await serve(env)
  using uploads = new Uploads(server.url, token, AT_ONCE)
  const times: number[] = []
  for (let number = 0; number < ROUNDS; number += 1) {
    const sent = await round(uploads, number, linkMs)
    // The first ones find code that was never run.
    if (number >= WARM_UP) times.push(...sent.map(({ sentAt, acknowledgedAt }) => acknowledgedAt - sentAt))
    await sleep(PAUSE_MS)
  }
  return cellsOf(name, times)
}

function cellsOf(name: string, times: readonly number[]): (string | number)[] {
  const cells = [median(times), quantile(times, 0.95), quantile(times, 0.99), Math.max(...times)]
  return [name, ...cells.map((ms) => ms.toFixed(0))]
}

/** What the database alone takes for the same bytes, kept in as many transactions at the same moment. */
async function databaseAlone(): Promise<(string | number)[]> {
  return withConnections(postgres.url, POOL, async (client) => {
    await client`create table kept (audio bytea)`
    await client`alter table kept alter column audio set storage external`
    const times: number[] = []
    for (let number = 0; number < ROUNDS; number += 1) {
      const begun = performance.now()
      const keep = async () => {
        await client`insert into kept values (decode(${recording.toString('base64')}, 'base64'))`
        if (number >= WARM_UP) times.push(performance.now() - begun)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, keep))
      await sleep(PAUSE_MS / 5)
    }
    return cellsOf('the database alone, 50 at the same moment', times)
  })
}

const FOLLOW = 'subscription ($id: ID!) { jobUpdated(id: $id) { status result { starsEarned } speech { bytes } } }'

interface Followed {
  readonly jobUpdated: { readonly status: string; readonly result: object | null; readonly speech: object | null }
}

/** How long after the acknowledgement the text was heard of, in milliseconds. */
async function textMs(url: string, { jobId, acknowledgedAt }: Acknowledged): Promise<number> {
  const connectionParams = { authorization: `Bearer ${token}` }
  const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, connectionParams })
  let heard = Number.NaN
  for await (const { data } of client.iterate<Followed>({ query: FOLLOW, variables: { id: jobId } }))
    if (data?.jobUpdated.result && Number.isNaN(heard)) heard = performance.now() - acknowledgedAt
  if (Number.isNaN(heard)) throw new Error(`the job ${jobId} ended without an answer`)
  return heard
}

const texts = (url: string, sent: readonly Acknowledged[]) => Promise.all(sent.map((each) => textMs(url, each)))

async function sayTexts(): Promise<void> {
  await using server = await serve(env)
  using uploads = new Uploads(server.url, token, AT_ONCE)
  fake.latencyMs = 0
  for (let number = 0; number < WARM_UP; number += 1) await texts(server.url, await round(uploads, number, 0))
  fake.latencyMs = MODEL_MS
  const rows: (string | number)[][] = []
  for (const [name, linkMs] of WAYS) {
    progress(`following recordings, ${name}`)
    const times = await texts(server.url, await round(uploads, WARM_UP + rows.length, linkMs))
    const alone = await aloneMs(fake.url, linkMs > 0 ? 1 : AT_ONCE, recording)
    const beyond = times.map((ms) => ms - alone.hears - alone.answers)
    rows.push([name, median(beyond).toFixed(0), quantile(beyond, 0.95).toFixed(0), Math.max(...beyond).toFixed(0)])
  }
  sayTable(["text beyond the models' own time", 'p50 ms', 'p95 ms', 'worst ms'], rows)
}

const WAYS = [
  ['50 being sent at any time', LINK_MS],
  ['50 at the same moment', 0],
] as const

// In this order: what is only acknowledged is still being worked on at the end.
await sayTexts()
progress('sending recordings')
const rows = [
  await acknowledgements(WAYS[0][0], WAYS[0][1]),
  await acknowledgements(WAYS[1][0], WAYS[1][1]),
  await databaseAlone(),
]
const size = `${(recording.length / 1000).toFixed(0)} kB`
sayTable(
  [`acknowledgement of ${size}, ${(ROUNDS - WARM_UP) * AT_ONCE} of each`, 'p50 ms', 'p95 ms', 'p99 ms', 'worst ms'],
  rows,
)
say('')
