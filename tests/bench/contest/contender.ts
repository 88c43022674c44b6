import type { UserId } from '../../../src/domain/ids.ts'
import type { User } from '../../../src/domain/user.ts'

/** A cache library that takes part, set up as its own documentation recommends for memory in front of Redis. */
export interface Contender {
  readonly name: string
  open(setup: Setup): Promise<Contestant>
}

export interface Setup {
  readonly url: string
  /** Stands before its keys in Redis and in the name of its channel, where it has one. */
  readonly namespace: string
  /** Without memory every read goes to Redis. */
  readonly memory: boolean
  readonly source: Source
}

/** The rows that are cached. */
export interface Source {
  one(id: UserId): Promise<User>
  many(ids: readonly UserId[]): Promise<readonly User[]>
}

/** One node's cache of learners. */
export interface Contestant extends AsyncDisposable {
  /** A new request begins, where that means anything. */
  begin?(): Promise<void>
  get(id: UserId): Promise<User | null | undefined>
  getMany(ids: readonly UserId[]): Promise<Iterable<User | null | undefined>>
  /** Makes a changed row unreadable everywhere, as far as the library can. */
  invalidate(id: UserId): Promise<void>
}
