import type { Board } from '../cache/board.ts'
import type { Cache } from '../cache/cache.ts'
import { CacheCounts, type CacheCountsOptions } from './cache-counts.ts'
import { UpstreamCounts } from './model-counts.ts'
import { type NodeFacts, NodeWatch } from './node-watch.ts'
import { RequestCounts } from './request-counts.ts'
import type { Counts } from './tally.ts'
import { Watch } from './watch.ts'

/** Counts from nothing. */
export const createCounts = (options: CacheCountsOptions): Counts => ({
  cache: new CacheCounts(options),
  requests: new RequestCounts(),
  upstream: new UpstreamCounts(),
})

export interface OpenWatchOptions extends Omit<NodeFacts, 'usage'> {
  readonly cache: Pick<Cache, 'usage' | 'heat'>
  readonly board: Board | null
  readonly policies: readonly string[]
  readonly watched?: (() => boolean) | undefined
}

/** Watches from now on. */
export interface OpenWatch {
  readonly node: NodeWatch
  readonly watch: Watch
}

export function openWatch({ cache, ...options }: OpenWatchOptions): OpenWatch {
  const node = new NodeWatch({ ...options, usage: cache.usage })
  return { node, watch: new Watch({ ...options, node, heat: cache.heat }) }
}
