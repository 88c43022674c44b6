import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import type { UserId } from '../../../src/domain/ids.ts'
import { createChance } from '../world/chance.ts'
import { changeOf, type Draw, questionOf } from './questions.ts'

/** The answer to one question. */
export interface Sample {
  /** When it arrived, on the monotonic clock. */
  readonly at: number
  readonly ms: number
  /** Where it came from, as the server says. */
  readonly cache: string
}

export interface Load {
  readonly samples: readonly Sample[]
  /** Fails when any answer had errors. */
  stop(): Promise<void>
}

const CLIENTS = 8
/** Milliseconds between an answer and the next question, and until a server that is away is tried again. */
const REST_MS = 8
const AWAY_MS = 20
/** The part of the requests that changes something. */
const CHANGES = 0.02

/** Asks about learners, the popular ones more often, without end; goes on when the server is there again. */
export function startLoad(port: number, token: string, draw: Draw<UserId>): Load {
  const samples: Sample[] = []
  let running = true

  async function client(number: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const chance = createChance(number + 1)
    const post = posting(port, token, agent)
    while (running) {
      const changes = chance() < CHANGES
      const begun = performance.now()
      const answer = await post(changes ? changeOf(draw(), chance) : questionOf(draw(), chance)).catch(() => null)
      if (answer?.body.includes('"errors"')) throw new Error(answer.body)
      const at = performance.now()
      if (answer && !changes) samples.push({ at, ms: at - begun, cache: answer.cache })
      await pause(answer === null ? AWAY_MS : REST_MS)
    }
    agent.destroy()
  }

  const working = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))
  working.catch(() => {})
  return {
    samples,
    async stop() {
      running = false
      await working
    },
  }
}

interface Answer {
  readonly body: string
  readonly cache: string
}

const posting =
  (port: number, token: string, agent: Agent) =>
  async (asked: object): Promise<Answer> => {
    const body = JSON.stringify(asked)
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
    }
    const { promise: answered, resolve, reject } = Promise.withResolvers<Answer>()
    const sent = request({ host: '127.0.0.1', port, path: '/graphql', agent, method: 'POST', headers }, (answer) => {
      text(answer).then((read) => resolve({ body: read, cache: String(answer.headers['x-cache']) }), reject)
    })
    sent.on('error', reject)
    sent.end(body)
    return answered
  }
