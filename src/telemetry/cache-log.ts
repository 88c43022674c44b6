import type { Logger } from 'pino'
import type { CacheEvent, Reporter } from '../cache/cache-event.ts'
import { parseCacheTag } from '../domain/cache-tag.ts'

/** Writes down what an operator wants to know of the cache: when it stops and begins to be used, not each hit. */
export function createCacheLog(log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>): Reporter {
  return (event: CacheEvent) => {
    switch (event.kind) {
      case 'breaker':
        if (event.state === 'open') log.warn({ err: event.error }, 'shared cache not used')
        else log.info('shared cache used again')
        break
      case 'resynced':
        // Every beginning is one of those; only the others are news.
        log[event.reason === 'started' ? 'debug' : 'info']({ reason: event.reason }, 'memory emptied')
        break
      case 'relayed':
        log.info({ count: event.count }, 'changes of others applied')
        break
      case 'relay-failed':
        log.warn({ err: event.error }, 'changes of others not applied')
        break
      case 'sampled':
        if (event.stale) log.error({ policy: event.policy, tag: namedTag(event.tag) }, 'stale value')
        break
      default:
    }
  }
}

/** For whoever is to look for it. Telegram's ids are never logged. */
const namedTag = (tag: string): string | undefined => (parseCacheTag(tag)?.family === 'telegram' ? undefined : tag)
