import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'

/** Bytes in use from which on it is worthwhile to look for garbage more often: a cache that is filling, not just the program. */
const LARGE_BYTES = 64 * 1024 * 1024

/**
 * How far the heap may grow before all of it is searched for garbage, in percent of what is in use; 0 leaves it to V8.
 * Left to itself V8 lets garbage become more than what is in use, and a cache that is full makes old garbage all the time. A
 * small heap is left alone: searching it often would cost callers more than the memory is worth.
 */
export const heapGrowthPercent = (bytesInUse: number): number => (bytesInUse < LARGE_BYTES ? 0 : 100)

interface Heap {
  /** Calls `after` each time that all of the heap was searched, until what it returns is called. */
  watch(after: () => void): () => void
  bytesInUse(): number
  grow(percent: number): void
}

/** Keeps garbage from becoming more than what is in use, until disposed of. */
export function boundGarbage(heap: Heap = ownHeap): Disposable {
  let now = 0
  const stop = heap.watch(() => {
    const percent = heapGrowthPercent(heap.bytesInUse())
    if (percent !== now) heap.grow(percent)
    now = percent
  })
  return { [Symbol.dispose]: stop }
}

const ownHeap: Heap = {
  watch(after) {
    const observer = new PerformanceObserver((seen) => {
      if (seen.getEntries().some(isMajor)) after()
    })
    observer.observe({ entryTypes: ['gc'] })
    return () => observer.disconnect()
  },
  bytesInUse: () => getHeapStatistics().used_heap_size,
  grow: (percent) => setFlagsFromString(`--heap-growing-percent=${percent}`),
}

/** The type of entries does not know of their details. */
function isMajor(entry: PerformanceEntry & { readonly detail?: unknown }): boolean {
  const { detail } = entry
  if (typeof detail !== 'object' || detail === null || !('kind' in detail)) return false
  return detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
}
