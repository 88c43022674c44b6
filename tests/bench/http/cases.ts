import type { Contender } from './contenders.ts'
import * as all from './contenders.ts'

/** Something that is asked of several servers. */
export interface Case {
  /** What `--only` calls it. */
  readonly key: string
  readonly name: string
  /** The first is ours, which the others' numbers are compared with. */
  readonly contenders: readonly Contender[]
  readonly targets: readonly Target[]
  /** The part of requests that change something; then each has a database of its own. */
  readonly changes: number
  /** What callers may wait at most at half of the maximum; null: it is only told. */
  readonly p99MaxMs: number | null
}

/** One of ours should do at least so many times what another one does. */
export interface Target {
  readonly ours: Contender
  readonly other: Contender
  readonly atLeast: number
}

const responseCaches = [all.apolloMemory, all.apolloRedis, all.yogaMemory, all.yogaRedis]

const bounded = (other: Contender, atLeast: number): Target => ({ ours: all.oursBounded, other, atLeast })

export const CASES: readonly Case[] = [
  {
    key: 'repeated',
    name: 'repeated response',
    contenders: [all.oursBounded, all.oursStrict, all.bare, ...responseCaches],
    targets: [
      bounded(all.bare, 0.75),
      { ours: all.oursStrict, other: all.bare, atLeast: 0.65 },
      bounded(all.apolloMemory, 3.3),
      bounded(all.apolloRedis, 3.3),
      bounded(all.yogaMemory, 8),
      bounded(all.yogaRedis, 8),
    ],
    changes: 0,
    p99MaxMs: 10,
  },
  {
    key: 'entities',
    name: 'entities warm, response not',
    contenders: [all.oursEntities, all.apollo, all.mercuriusMemory, all.mercuriusRedis],
    targets: [
      { ours: all.oursEntities, other: all.apollo, atLeast: 5 },
      { ours: all.oursEntities, other: all.mercuriusRedis, atLeast: 1 },
    ],
    changes: 0,
    p99MaxMs: 10,
  },
  {
    key: 'nothing',
    name: 'nothing cached',
    contenders: [all.oursUncached, all.apollo, all.mercurius],
    targets: [
      { ours: all.oursUncached, other: all.apollo, atLeast: 2.5 },
      { ours: all.oursUncached, other: all.mercurius, atLeast: 1.5 },
    ],
    changes: 0,
    p99MaxMs: null,
  },
  {
    key: 'fresh',
    name: '5 % mutations, 95 % reads',
    contenders: [all.oursStrict, all.apollo, ...responseCaches],
    targets: [{ ours: all.oursStrict, other: all.apollo, atLeast: 4 }],
    changes: 0.05,
    p99MaxMs: null,
  },
]
