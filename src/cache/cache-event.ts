import type { Tag } from './shared-store.ts'

/** Whatever a cache does that someone may want to count or log. Metrics and logging are reporters and nothing more. */
export type CacheEvent =
  | { readonly kind: 'hit'; readonly policy: string; readonly tier: 'L1' | 'L2'; readonly count: number }
  | { readonly kind: 'miss'; readonly policy: string; readonly count: number }
  | { readonly kind: 'joined'; readonly policy: string; readonly count: number }
  | { readonly kind: 'unusable'; readonly policy: string; readonly count: number }
  | { readonly kind: 'filled'; readonly policy: string; readonly count: number }
  | { readonly kind: 'fill-refused'; readonly policy: string; readonly count: number }
  | { readonly kind: 'put-refused'; readonly policy: string }
  | { readonly kind: 'invalidated'; readonly tags: readonly Tag[] }
  | { readonly kind: 'relayed'; readonly count: number }
  | { readonly kind: 'relay-failed'; readonly error: unknown }
  | { readonly kind: 'sampled'; readonly policy: string; readonly stale: boolean }
  | { readonly kind: 'breaker'; readonly state: 'open'; readonly error: unknown }
  | { readonly kind: 'breaker'; readonly state: 'closed' }
  | { readonly kind: 'resynced'; readonly reason: ResyncReason }
  | { readonly kind: 'store-failed'; readonly during: 'read' | 'lease' | 'fill'; readonly error: unknown }

/** Why a node no longer trusted what it had in memory. */
export type ResyncReason =
  | 'started'
  | 'lost'
  | 'gap'
  | 'behind'
  | 'went-back'
  | 'other-life'
  | 'other-epoch'
  | 'reopened'

export type Reporter = (event: CacheEvent) => void
