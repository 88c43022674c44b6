import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Fault } from './fault.ts'
import type { Stage } from './stage.ts'
import type { Trial } from './trial.ts'
import { whileCut } from './wire-faults.ts'

/** Milliseconds that a fault lasts which has a length. */
const LASTING_MS = 1_500

/** Asks Redis past every proxy. */
async function withRedis<Answer>({ redis }: Stage, work: (client: Redis) => Promise<Answer>): Promise<Answer> {
  const client = new Redis(redis.url, { maxRetriesPerRequest: 3 })
  client.on('error', () => {})
  try {
    return await work(client)
  } finally {
    client.disconnect()
  }
}

const emptied: Fault = {
  name: 'Redis is killed and starts empty',
  async inject({ stage }) {
    const [, folder] = await withRedis(stage, (client) => client.config('GET', 'dir') as Promise<string[]>)
    rmSync(join(folder ?? '', 'dump.rdb'), { force: true })
    await stage.redis.restart()
  },
}

const outOfReach: Fault = {
  name: 'Redis is killed and stays away for a while',
  async inject({ stage, random }) {
    await whileCut(stage, async () => {
      await stage.redis.restart()
      await pause(random.between(500, 2_000))
    })
  },
}

const rolledBack: Fault = {
  name: 'Redis is killed and starts with what it had saved earlier',
  async inject({ stage }) {
    await withRedis(stage, (client) => client.save())
    await pause(1_000)
    await stage.redis.restart()
  },
}

const frozen: Fault = {
  name: 'Redis is frozen',
  async inject({ stage, random }) {
    stage.redis.signal('SIGSTOP')
    await pause(random.between(300, 2_000))
    stage.redis.signal('SIGCONT')
  },
}

const flushed: Fault = {
  name: 'FLUSHALL',
  inject: ({ stage }) => withRedis(stage, async (client) => void (await client.flushall())),
}

const killed = (type: 'normal' | 'pubsub'): Fault => ({
  name: `CLIENT KILL TYPE ${type}, again and again`,
  async inject({ stage, random }) {
    await withRedis(stage, async (client) => {
      for (const end = performance.now() + LASTING_MS; performance.now() < end; ) {
        await client.call('CLIENT', 'KILL', 'TYPE', type)
        await pause(random.between(50, 500))
      }
    })
  },
})

const evicted: Fault = {
  name: 'single keys are evicted: entries, leases, the sequence',
  async inject({ stage, random }) {
    await withRedis(stage, async (client) => {
      for (const end = performance.now() + LASTING_MS; performance.now() < end; ) {
        await evictSome(client, random.next() < 0.02)
        await pause(random.between(0, 10))
      }
    })
  },
}

/** What is under each key at the moment, a value or a lease, is the load's doing. */
async function evictSome(client: Redis, sequenceToo: boolean): Promise<void> {
  const key = await client.randomkey()
  if (key !== null && (sequenceToo || !key.endsWith(':seq'))) await client.unlink(key)
  if (sequenceToo) await client.unlink('honzik:v1:seq')
}

const outOfMemory: Fault = {
  name: 'Redis is out of memory',
  async inject({ stage }) {
    await withRedis(stage, async (client) => {
      await client.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '1')
      await pause(LASTING_MS)
      await client.config('SET', 'maxmemory', '0')
    })
  },
}

export const redisFaults: readonly Fault[] = [
  emptied,
  outOfReach,
  rolledBack,
  frozen,
  flushed,
  killed('normal'),
  killed('pubsub'),
  evicted,
  outOfMemory,
]

/** Evicts entries and leases until it is told to stop. */
export async function keepEvicting({ stage }: Trial, signal: AbortSignal): Promise<void> {
  await withRedis(stage, async (client) => {
    while (!signal.aborted) {
      await evictSome(client, false)
      await pause(2)
    }
  })
}
