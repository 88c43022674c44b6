const OLDEST_MAJOR = 7

/**
 * Which life a server lives, of its answer to INFO. It is another one after each start, and after each time that it
 * has been a replica: what it copied from another server may be older than what it had answered before.
 * @throws Error that says why the server is of no use now
 */
export function lifeOf(info: string): string {
  const field = (name: string) => fieldOf(info, name)
  const version = field('redis_version')
  if (!(Number.parseInt(version ?? '', 10) >= OLDEST_MAJOR)) {
    throw new Error(`Redis ${OLDEST_MAJOR}.0 or newer is needed; this one says ${version ?? 'nothing'}`)
  }
  if (field('loading') !== '0') throw new Error('it is loading its data')
  if (field('role') !== 'master') throw new Error('it is a replica; the master is needed')
  const run = field('run_id')
  if (run === undefined) throw new Error('it does not say its run_id')
  const served = field('master_replid2') ?? ''
  // 64 bits of it are enough, as it stands before every value.
  const life = run.slice(0, 16)
  return /[^0]/.test(served) ? `${life}+${served.slice(0, 8)}` : life
}

const fieldOf = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:([^\r\n]*)`, 'm').exec(info)?.[1]

/** Bytes that are used and may be used; null where that is not known, or nothing bounds it. */
export interface Memory {
  readonly memoryBytes: number | null
  readonly memoryMaxBytes: number | null
}

export const unknownMemory: Memory = { memoryBytes: null, memoryMaxBytes: null }

/** What a server's answer to INFO says of its memory. */
export function memoryOf(info: string): Memory {
  const [used, max] = ['used_memory', 'maxmemory'].map((name) => Number(fieldOf(info, name)))
  return { memoryBytes: Number.isFinite(used) ? Number(used) : null, memoryMaxBytes: max || null }
}

/** Of several servers, known only where it is known of each. */
export function sumOf(memories: readonly (Memory | null)[]): Memory {
  const sum = (of: (memory: Memory) => number | null) =>
    memories.reduce<number | null>(
      (total, memory) => {
        const part = memory && of(memory)
        return total === null || part === null ? null : total + part
      },
      memories.length === 0 ? null : 0,
    )
  return { memoryBytes: sum((each) => each.memoryBytes), memoryMaxBytes: sum((each) => each.memoryMaxBytes) }
}
