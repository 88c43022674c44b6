/** How much of memory things of one kind take; kept up as they come and go. */
export interface Usage {
  readonly name: string
  entries: number
  /** What they cost, their places in memory included. */
  bytes: number
  /** The sum of when they were taken in, in milliseconds since the process began. */
  born: number
}

/** What a memory holds and has let go of. */
export interface MemoryUsage {
  readonly bytes: number
  readonly maxBytes: number
  /** Things that had to go for want of room since the process began. */
  readonly evictions: number
  /** Whole responses that had to go because something that they show has changed. */
  readonly overtaken: number
  /** By kind; those of one name are summed. */
  readonly kinds: readonly Readonly<Usage>[]
}

export const noUsage = (name: string): Usage => ({ name, entries: 0, bytes: 0, born: 0 })

/** What memory keeps, as far as its usage is concerned. */
interface Taken {
  readonly bytes: number
  readonly born: number
}

export function enter(usage: Usage, { bytes, born }: Taken): void {
  usage.entries += 1
  usage.bytes += bytes
  usage.born += born
}

export function exit(usage: Usage, { bytes, born }: Taken): void {
  usage.entries -= 1
  usage.bytes -= bytes
  usage.born -= born
}

/** Mean age of what there is, in milliseconds; null where there is nothing. */
export const ageOf = ({ entries, born }: Readonly<Usage>): number | null =>
  entries === 0 ? null : Math.max(0, performance.now() - born / entries)

export function forgetAll(usage: Usage): void {
  usage.entries = 0
  usage.bytes = 0
  usage.born = 0
}

/** The usages of several memories, those of one name summed. */
export function summed(usages: readonly Readonly<Usage>[]): readonly Readonly<Usage>[] {
  const sums = new Map<string, Usage>()
  for (const { name, entries, bytes, born } of usages) {
    const sum = sums.getOrInsertComputed(name, noUsage)
    sum.entries += entries
    sum.bytes += bytes
    sum.born += born
  }
  return [...sums.values()]
}

/** Two memories as one. */
export const together = (one: MemoryUsage, other: MemoryUsage): MemoryUsage => ({
  bytes: one.bytes + other.bytes,
  maxBytes: one.maxBytes + other.maxBytes,
  evictions: one.evictions + other.evictions,
  overtaken: one.overtaken + other.overtaken,
  kinds: summed([...one.kinds, ...other.kinds]),
})
