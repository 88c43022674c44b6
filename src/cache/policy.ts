import type { Tag } from './shared-store.ts'

/** How one kind of thing is cached. */
export interface Policy<Id, Value> {
  /** In metrics and logs, such as `profile`. */
  readonly name: string
  /** The tag that the thing with this id is filed under; no two policies share one. */
  readonly tagOf: (id: Id) => Tag
  /** Milliseconds that a value may live from `now` on, in milliseconds since 1970. */
  readonly ttlMs: (value: Value, now: number) => number
  /** Milliseconds that "there is no such thing" may live. */
  readonly absentTtlMs: number
  /** Of the shape of values; raised when what older releases have stored should no longer be read. */
  readonly version: number
  /** The value in this JSON; throws for a shape that it does not know. */
  readonly decode: (json: unknown) => Value
}

/**
 * The key of a tag. The tag stands in braces, so that on a cluster whatever belongs to it shares a slot. The protocol's
 * version is part of the name and the same in all releases that may run at once.
 */
export const keyOf = (namespace: string, tag: Tag): string => `${namespace}:v1:{${tag}}`
