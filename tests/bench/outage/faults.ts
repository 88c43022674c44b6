import type { FlakyProxy } from '../../support/flaky-proxy.ts'
import { freePort } from '../../support/free-port.ts'
import type { RedisServer } from '../../support/redis-server.ts'

/** Something that may happen to Redis, and how it ends. */
export interface Outage {
  readonly name: string
  begin(): Promise<unknown>
  end(): Promise<unknown>
}

/** What there is to do with a Redis behind a proxy. */
export const outagesOf = (redis: RedisServer, proxy: FlakyProxy): readonly Outage[] => [
  { name: 'killed, started again', begin: () => redis.stop(), end: () => redis.restart() },
  {
    name: 'stopped (SIGSTOP)',
    begin: async () => redis.signal('SIGSTOP'),
    end: async () => redis.signal('SIGCONT'),
  },
  {
    name: 'half-open: the network drops everything',
    begin: async () => proxy.mode('swallow'),
    end: async () => proxy.mode('pass'),
  },
  {
    name: 'connections reset',
    begin: async () => proxy.mode('cut'),
    end: async () => proxy.mode('pass'),
  },
  {
    name: 'out of memory',
    begin: () => redis.command('CONFIG', 'SET', 'maxmemory', 1),
    end: () => redis.command('CONFIG', 'SET', 'maxmemory', 0),
  },
  {
    name: 'read-only (a replica)',
    begin: async () => redis.command('REPLICAOF', '127.0.0.1', await freePort()),
    end: () => redis.command('REPLICAOF', 'NO', 'ONE'),
  },
]
