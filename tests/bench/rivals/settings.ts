import { Redis } from 'ioredis'
import type { UserId } from '../../../src/domain/ids.ts'

/** Milliseconds that everything is cached, for all alike. */
export const TTL_MS = 600_000

/** More than any contest keeps in memory, where entries are counted. */
export const MAX_ITEMS = 50_000

export const keyOf = (id: UserId): string => `user:${id}`

/** Where the Redis of the contest is, for those who take no URL. */
export function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

/** A client as those recommend it that are given one: what is asked in one turn goes out together. */
export const connect = (url: string): Redis => new Redis(url, { enableAutoPipelining: true })
