import { setTimeout as pause } from 'node:timers/promises'
import { type UserId, userIdFromRow } from '../../../src/domain/ids.ts'
import type { User } from '../../../src/domain/user.ts'
import { profileOf } from '../support/values.ts'
import type { Contender, Contestant, Source } from './contender.ts'

/** How many answers were stale though their reads had begun after the invalidation was acknowledged. */
export interface RaceResult {
  /** Of reads while the overtaken load was still on its way, where the writer is. */
  readonly during: number
  /** Of reads after everything had come to rest: reader and writer on one node. */
  readonly sameNode: number
  /** The same, with the reader on one node and the writer on another, read on both. */
  readonly otherNode: number
}

export const RACES = 20
/** Milliseconds after which everything that was begun has come to rest. */
const REST_MS = 25

/** Rows that change, and a load that is held back between reading its row and answering. */
class SlowSource implements Source {
  readonly #versions = new Map<UserId, number>()
  #held: Promise<void> | null = null

  write(id: UserId): void {
    this.#versions.set(id, this.versionOf(id) + 1)
  }

  versionOf = (id: UserId): number => this.#versions.get(id) ?? 1

  /** Holds back what is loaded from now on, until it is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#held = promise
    return resolve
  }

  /** What is loaded from now on is not held back. */
  letBy(): void {
    this.#held = null
  }

  one = async (id: UserId): Promise<User> => {
    const row = profileOf(id, this.versionOf(id))
    await this.#held
    return row
  }

  many = (ids: readonly UserId[]): Promise<readonly User[]> => Promise.all(ids.map(this.one))
}

/**
 * A reader misses and reads the old row; a writer changes the row and waits for the invalidation; then the reader's
 * load arrives. Whoever begins to read after the invalidation must see the change.
 */
export async function race(url: string, contender: Contender, namespace: string): Promise<RaceResult> {
  await using opened = new AsyncDisposableStack()
  const source = new SlowSource()
  const setup = { url, namespace, source, memory: true }
  const one = opened.use(await contender.open(setup))
  const other = opened.use(await contender.open(setup))
  const near = { source, reader: one, writer: one }
  const far = { source, reader: one, writer: other }
  const result = { during: 0, sameNode: 0, otherNode: 0 }
  for (let round = 0; round < RACES; round += 1) {
    result.during += await readDuring(near, userIdFromRow(200_000 + round))
    result.sameNode += await readAfter(near, userIdFromRow(300_000 + round))
    result.otherNode += await readAfter(far, userIdFromRow(400_000 + round))
  }
  return result
}

interface Course {
  readonly source: SlowSource
  readonly reader: Contestant
  readonly writer: Contestant
}

/** Up to the moment when the change is acknowledged and the old row has not arrived yet. */
async function overtake({ source, reader, writer }: Course, id: UserId) {
  const release = source.hold()
  await reader.begin?.()
  const overtaken = reader.get(id)
  await pause(REST_MS)
  source.letBy()
  source.write(id)
  await writer.invalidate(id)
  return {
    async arrive() {
      release()
      await overtaken
    },
  }
}

async function readDuring(course: Course, id: UserId): Promise<number> {
  const { arrive } = await overtake(course, id)
  await course.writer.begin?.()
  const answer = course.writer.get(id)
  await arrive()
  return isStale(await answer)
}

async function readAfter(course: Course, id: UserId): Promise<number> {
  const { arrive } = await overtake(course, id)
  await arrive()
  await pause(REST_MS)
  let stale = 0
  for (const node of new Set([course.reader, course.writer])) {
    await node.begin?.()
    stale = Math.max(stale, isStale(await node.get(id)))
  }
  return stale
}

/** 1 for whatever is not the changed row. */
const isStale = (user: User | null | undefined): number =>
  user && user.firstName === profileOf(user.id, 2).firstName ? 0 : 1
