import type { Bytes } from './bytes.ts'
import { childOf, childrenOf, flagsOf, requireChild, versionOf } from './mp4-box.ts'
import type { Mp4Track, Packets } from './mp4-track.ts'

/** A track's share in a fragment (ISO/IEC 14496-12, section 8.8). */
export interface Mp4Fragment extends Packets {
  /** The ticks at which it begins; undefined when it goes on where the one before has ended. */
  readonly from: number | undefined
}

type Defaults = Mp4Track['defaults']

/** The shares of one track in a `moof` box. */
export function* fragmentsOf(moof: Bytes, { id, defaults }: Mp4Track): Generator<Mp4Fragment> {
  for (const traf of childrenOf(moof, 'traf')) {
    const tfhd = requireChild(traf, 'tfhd')
    if (tfhd.u32(tfhd.start + 4) !== id) continue
    yield fragmentOf(traf, defaultsOf(tfhd, defaults))
  }
}

function fragmentOf(traf: Bytes, defaults: Defaults): Mp4Fragment {
  const tfdt = childOf(traf, 'tfdt')
  let [count, ticks, bytes] = [0, 0, 0]
  for (const trun of childrenOf(traf, 'trun')) {
    const run = runOf(trun, defaults)
    count += run.count
    ticks += run.ticks
    bytes += run.bytes
  }
  return { count, ticks, bytes, from: tfdt && timeOf(tfdt) }
}

const timeOf = (tfdt: Bytes): number => (versionOf(tfdt) === 1 ? tfdt.u64(tfdt.start + 4) : tfdt.u32(tfdt.start + 4))

/** Flags say which fields are there: an offset in the file, a description, a duration, a size. */
function defaultsOf(tfhd: Bytes, { ticks, bytes }: Defaults): Defaults {
  const flags = flagsOf(tfhd)
  let at = tfhd.start + 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0)
  const field = (flag: number, otherwise: number): number => {
    if ((flags & flag) === 0) return otherwise
    at += 4
    return tfhd.u32(at - 4)
  }
  return { ticks: field(8, ticks), bytes: field(16, bytes) }
}

const DURATION = 0x100
const SIZE = 0x200
/** Flags and a composition time, which are of no interest here. */
const OTHERS = [0x400, 0x800]

/** A table of packets, each with as many fields as flags say. */
function runOf(trun: Bytes, defaults: Defaults): Packets {
  const flags = flagsOf(trun)
  const count = trun.u32(trun.start + 4)
  const sizeAt = flags & DURATION ? 4 : 0
  const fields = [DURATION, SIZE, ...OTHERS].filter((flag) => flags & flag).length
  const rows = trun.window(trun.start + 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0), count * fields * 4)
  let ticks = flags & DURATION ? 0 : count * defaults.ticks
  let bytes = flags & SIZE ? 0 : count * defaults.bytes
  // Of a table without fields there is nothing to go through, however many rows it claims.
  for (let at = rows.start; at < rows.end; at += fields * 4) {
    if (flags & DURATION) ticks += rows.u32(at)
    if (flags & SIZE) bytes += rows.u32(at + sizeAt)
  }
  return { count, ticks, bytes }
}
