import type { Bytes } from './bytes.ts'
import { damaged } from './refusals.ts'

/** A box of the ISO base media file format (ISO/IEC 14496-12, section 4.2). */
export interface Mp4Box {
  /** Four characters. */
  readonly type: string
  /** What follows its size and type. */
  readonly body: Bytes
}

/** The boxes that fill a window. @throws HonzikError where one reaches past its end */
export function* boxes(window: Bytes): Generator<Mp4Box> {
  for (let at = window.start; at < window.end; ) {
    const short = window.u32(at)
    const header = short === 1 ? 16 : 8
    const size = sizeAt(window, at, short)
    if (size < header) throw damaged()
    const type = String.fromCharCode(window.u8(at + 4), window.u8(at + 5), window.u8(at + 6), window.u8(at + 7))
    const body = window.window(at + header, size - header)
    yield { type, body }
    at = body.end
  }
}

/** Size 1 stands for a long one behind the type, 0 for all that is left. */
function sizeAt(window: Bytes, at: number, short: number): number {
  if (short === 0) return window.end - at
  return short === 1 ? window.u64(at + 8) : short
}

/** The first box at the end of a path of types. */
export function childOf(window: Bytes, ...path: readonly string[]): Bytes | undefined {
  let found: Bytes | undefined = window
  for (const type of path) found = found && childrenOf(found, type).next().value
  return found
}

/** @throws HonzikError "is damaged" when there is no such box */
export function requireChild(window: Bytes, ...path: readonly string[]): Bytes {
  const child = childOf(window, ...path)
  if (child === undefined) throw damaged()
  return child
}

/** All boxes of a type. */
export function* childrenOf(window: Bytes, type: string): Generator<Bytes, undefined> {
  for (const box of boxes(window)) if (box.type === type) yield box.body
}

/** Many boxes begin with a byte of version, on which the width of their times depends, and three of flags. */
export const versionOf = (box: Bytes): number => box.u8(box.start)

export const flagsOf = (box: Bytes): number => box.u32(box.start) & 0xffffff
