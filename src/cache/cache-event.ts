import type { Tag } from './shared-store.ts'

/** Whatever a cache does that someone may want to count or log. Metrics and logging are reporters and nothing more. */
export type CacheEvent =
  | { readonly kind: 'hit'; readonly policy: string; readonly tier: 'L1' | 'L2'; readonly count: number }
  | { readonly kind: 'miss'; readonly policy: string; readonly count: number }
  | { readonly kind: 'joined'; readonly policy: string; readonly count: number }
  /** Brought from the source, or computed, in so many milliseconds. */
  | { readonly kind: 'loaded'; readonly policy: string; readonly count: number; readonly ms: number }
  | { readonly kind: 'unusable'; readonly policy: string; readonly count: number }
  | { readonly kind: 'filled'; readonly policy: string; readonly count: number }
  | { readonly kind: 'fill-refused'; readonly policy: string; readonly count: number }
  | { readonly kind: 'put-refused'; readonly policy: string }
  /** Larger than what is kept at all. */
  | { readonly kind: 'too-large'; readonly policy: string; readonly count: number }
  /** Stored in fewer bytes than it has. */
  | { readonly kind: 'compressed'; readonly policy: string; readonly from: number; readonly to: number }
  /** Removed from memory, as something that it shows has changed. */
  | { readonly kind: 'overtaken'; readonly policy: string; readonly count: number }
  /** This process has made changes known. */
  | { readonly kind: 'invalidated'; readonly tags: readonly Tag[] }
  /** A process, maybe this one, has. */
  | { readonly kind: 'heard'; readonly number: number; readonly tags: readonly Tag[] }
  /** Changes that are kept in the source took so many milliseconds to be told; null: nobody was told in time. */
  | { readonly kind: 'confirmed'; readonly number: number | null; readonly ms: number }
  | { readonly kind: 'relayed'; readonly count: number; readonly tags: readonly Tag[] }
  | { readonly kind: 'relay-failed'; readonly error: unknown }
  | { readonly kind: 'sampled'; readonly policy: string; readonly tag: Tag; readonly stale: boolean }
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
