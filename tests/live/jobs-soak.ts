import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClient } from 'graphql-sse'
import { readConfig } from '../../src/config.ts'
import { createAppTokens } from '../../src/core.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { progress, say, sayTable } from '../bench/world/say.ts'
import { wav } from '../support/audio/wav.ts'
import { startFakeOpenAI } from '../support/fake-openai/fake-openai.ts'
import { file, formOf, map, operations } from '../support/multipart.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { type ServerProcess, startProcess } from '../support/server-process.ts'
import { judge, type Verdict, waitingIn } from './jobs-verdict.ts'
import { Random } from './random.ts'

/*
 * Jobs while their workers die: `node tests/live/jobs-soak.ts [--jobs 500] [--voice 0] [--learners 50] [--latency 8000]
 * [--workers 4] [--slots 64] [--kill-every 3000] [--seed 7]`, times in milliseconds. A server takes all jobs and works on
 * none; every few seconds one of the workers is killed and another one started in its place. `--voice` of the jobs are
 * recordings, with three calls of the model each. Ends with 1 when a promise was broken.
 */

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '500' },
    voice: { type: 'string', default: '0' },
    learners: { type: 'string', default: '50' },
    latency: { type: 'string', default: '8000' },
    workers: { type: 'string', default: '4' },
    slots: { type: 'string', default: '64' },
    'kill-every': { type: 'string', default: '3000' },
    seed: { type: 'string' },
  },
})
const numberOf = (name: keyof typeof values): number => {
  const number = Number(values[name])
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`--${name} must be a whole number`)
  return number
}
const options = {
  ...{ jobs: numberOf('jobs'), voice: numberOf('voice'), learners: numberOf('learners'), latency: numberOf('latency') },
  ...{ workers: numberOf('workers'), slots: numberOf('slots'), killEvery: numberOf('kill-every') },
}
const random = new Random(values.seed === undefined ? Date.now() % 1_000_000 : numberOf('seed'))

const SECRET = 'a secret for soaking, at least 32 bytes long'
/** Followed from the first change to the last, to see what followers are told. */
const FOLLOWED_SHARE = 0.1

interface Client {
  readonly url: string
  readonly token: string
}

async function ask({ url, token }: Client, query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  return answerOf(url, token, { 'content-type': 'application/json' }, JSON.stringify({ query, variables }))
}

async function answerOf(
  url: string,
  token: string,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
) {
  const authorization = `Bearer ${token}`
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { ...headers, authorization }, body })
  const { data, errors }: { data?: unknown; errors?: unknown } = JSON.parse(await response.text())
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}

async function createLearners(client: Client): Promise<readonly string[]> {
  const create = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }'
  const made = Array.from({ length: options.learners }, (_, n) =>
    ask(client, create, { input: { telegramId: String(n + 1), firstName: 'Ada' } }),
  )
  return (await Promise.all(made)).map((answer) => String(Object(answer).createUser.user.id))
}

/** The id of the job that a server has acknowledged. */
async function send(client: Client, userId: string, n: number): Promise<string> {
  if (n >= options.voice) {
    const input = { userId, text: `Vcera jsem byl v skola ${n}.`, mode: 'ASYNC', idempotencyKey: `job ${n}` }
    const query = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { job { id } } }'
    return String(Object(await ask(client, query, { input })).sendMessage.job.id)
  }
  const query = 'mutation ($input: SendVoiceMessageInput!) { sendVoiceMessage(input: $input) { id } }'
  const operation = { query, variables: { input: { userId, audio: null, idempotencyKey: `job ${n}` } } }
  const { headers, body } = formOf(operations(operation), map({ 0: ['variables.input.audio'] }), file(wav(1, n + 1)))
  return String(Object(await answerOf(client.url, client.token, headers, new Uint8Array(body))).sendVoiceMessage.id)
}

/** Sends everything, a few at a time, and every tenth twice; tells the ids, and what was not one job. */
async function sendAll(client: Client, learners: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = []
  let next = 0
  const lane = async () => {
    for (let n = next++; n < options.jobs; n = next++) {
      const learner = learners[n % learners.length] ?? ''
      const id = await send(client, learner, n)
      if (n % 10 === 0 && (await send(client, learner, n)) !== id) throw new Error(`a repeat of ${id} was another job`)
      ids.push(id)
    }
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  return ids
}

/** What a follower was told wrongly; null: nothing. */
async function follow({ url, token }: Client, id: string): Promise<string | null> {
  const client = createClient({
    url: `${url}/graphql`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  const query = 'subscription ($id: ID!) { jobUpdated(id: $id) { revision status } }'
  let expected = 0
  let last: unknown
  for await (const { data } of client.iterate({ query, variables: { id } })) {
    const { revision, status } = Object(data).jobUpdated
    if (revision !== expected) return `${id}: ${revision} instead of ${expected}`
    expected += 1
    last = status
  }
  client.dispose()
  return last === 'SUCCEEDED' || last === 'FAILED' ? null : `${id}: ended with ${last}`
}

/** Workers that die, one after the other, until they are let live. */
class Crew implements AsyncDisposable {
  readonly #env: Record<string, string>
  readonly #alive: ServerProcess[] = []
  readonly #stop = new AbortController()
  #killing: Promise<void> | undefined
  killed = 0

  constructor(env: Record<string, string>) {
    this.#env = env
    for (let n = 0; n < options.workers; n += 1) this.#hire()
  }

  begin(): void {
    this.#killing = this.#kill()
  }

  #hire(): void {
    this.#alive.push(startProcess(this.#env, ['worker']))
  }

  async #kill(): Promise<void> {
    while (options.killEvery > 0) {
      await pause(options.killEvery, null, { signal: this.#stop.signal }).catch(() => {})
      if (this.#stop.signal.aborted) return
      const [doomed] = this.#alive.splice(random.below(this.#alive.length), 1)
      doomed?.signal('SIGKILL')
      await doomed?.exited
      this.killed += 1
      this.#hire()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#killing
    await Promise.all(this.#alive.map((worker) => worker[Symbol.asyncDispose]()))
  }
}

async function soak(databaseUrl: string): Promise<readonly string[]> {
  await using fake = await startFakeOpenAI({ latencyMs: options.latency })
  const env = {
    ...{ DATABASE_URL: databaseUrl, AUTH_SECRET: SECRET, OPENAI_BASE_URL: fake.url, OPENAI_DAILY_LIMIT: '0' },
    ...{ OPENAI_TIMEOUT_MS: String(options.latency * 3 + 1_000), JOBS_MAX: '100000', LOG_LEVEL: 'error' },
  }
  await using server = startProcess({ ...env, WORKERS: '0' })
  await using crew = new Crew({ ...env, WORKERS: String(options.slots) })
  const issued = createAppTokens(readConfig({ AUTH_SECRET: SECRET })).issue(
    { role: 'staff', id: userIdFromRow(999_999) },
    Temporal.Now.instant(),
  )
  const client = { url: await server.listening, token: (await issued).token }
  const learners = await createLearners(client)
  const begun = performance.now()
  crew.begin()
  const ids = await sendAll(client, learners)
  progress(`${ids.length} jobs are acknowledged`)
  const following = ids.filter(() => random.next() < FOLLOWED_SHARE).map((id) => follow(client, id))
  for (let left = ids.length; left > 0; left = await waitingIn(databaseUrl)) {
    progress(`${left} jobs are not over, ${crew.killed} workers were killed`)
    await pause(5_000)
  }
  const took = (performance.now() - begun) / 1000
  const told = (await Promise.all(following)).filter((wrong) => wrong !== null)
  const verdict = await judge(databaseUrl, ids)
  report(verdict, { took, killed: crew.killed, calls: fake.requests.length, followed: following.length })
  const errors = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
  return [...verdict.broken, ...told.map((wrong) => `a follower was told something else: ${wrong}`), ...errors]
}

function report(
  { statuses, attempts, seconds }: Verdict,
  { took, killed, calls, followed }: Record<'took' | 'killed' | 'calls' | 'followed', number>,
): void {
  const listed = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name}: ${count}`)
      .join(', ')
  sayTable(
    ['what', 'how much'],
    [
      ['jobs, by their ends', listed(statuses)],
      ['jobs, by the most attempts that a stage needed', listed(attempts)],
      [
        'seconds to the end: median, 99 %, most',
        [seconds.median, seconds.p99, seconds.most].map((s) => s.toFixed(1)).join(', '),
      ],
      ['seconds until all were over', took.toFixed(0)],
      ['workers killed', killed],
      ['calls of the model', calls],
      ['jobs followed from the first change to the last', followed],
    ],
  )
}

const database = await startPostgres()
if (database === null) throw new Error('No PostgreSQL here: install Debian\'s "postgresql".')
try {
  const broken = await soak(database.url)
  say(broken.length === 0 ? 'No promise was broken.' : broken.join('\n'))
  process.exitCode = broken.length > 0 ? 1 : 0
} finally {
  await database.stop()
}
