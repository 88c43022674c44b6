import type { UserId } from '../../../src/domain/ids.ts'
import { eventually } from '../../support/eventually.ts'
import { MUTATIONS } from '../mutations/commands.ts'
import { operations } from '../trace/operations.ts'
import { openClient } from '../world/client.ts'
import type { Served } from '../world/servers.ts'
import { QUESTIONS } from './questions.ts'

export interface DatabaseLoad {
  readonly name: string
  readonly clients: number
  readonly requests: number
  /** SELECTs for the requests that read. */
  readonly selects: number
}

export interface TraceOptions {
  readonly name: string
  readonly learners: readonly UserId[]
  readonly token: string
  readonly clients: number
  readonly length: number
}

/** Performs the first of the trace's operations over HTTP and reads from the server's log what they cost. */
export async function databaseLoadOf(server: Served, options: TraceOptions): Promise<DatabaseLoad> {
  const { name, learners, token, clients, length } = options
  using opened = new DisposableStack()
  const before = readingLines(server).length
  const trace = operations(learners, length)
  let reads = 0
  async function work(): Promise<void> {
    const client = opened.use(openClient(server.url, token))
    for (const { act, learner } of trace) {
      const mutation = MUTATIONS[act === 'profile' ? 0 : 1]
      const question = QUESTIONS[reads % QUESTIONS.length]
      if (act === 'read') reads += 1
      if (act === 'read' && question) await client.ask(question.query, { id: String(learner) })
      else if (mutation) await client.ask(mutation.query, { input: mutation.input(learner, reads) })
    }
  }
  await Promise.all(Array.from({ length: clients }, work))
  const lines = await eventually(() => {
    const all = readingLines(server).slice(before)
    if (all.length < reads) throw new Error(`The log tells of ${all.length} reads of ${reads}.`)
    return all
  })
  return { name, clients, requests: lines.length, selects: lines.reduce((sum, { sql }) => sum + sql, 0) }
}

interface RequestLine {
  readonly operation?: string
  readonly sql: number
}

function readingLines(server: Served): readonly RequestLine[] {
  const names = QUESTIONS.map(({ operation }) => operation)
  return server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line): RequestLine => JSON.parse(line))
    .filter(({ operation }) => operation !== undefined && names.includes(operation))
}
