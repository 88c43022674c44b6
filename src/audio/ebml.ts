import type { Bytes } from './bytes.ts'
import { damaged } from './refusals.ts'

/** An element of EBML (RFC 8794), the binary tree that WebM is written in. */
export interface EbmlElement {
  readonly id: number
  /** What it holds; of an element that is entered, all that follows. */
  readonly body: Bytes
}

/**
 * The elements of a file in reading order. Those in `entered` are followed by what they hold, so that the walk is flat:
 * nothing is nested for a hostile file to nest too deeply, and where an element of unknown size ends does not matter.
 * @param mayBeEndless those of them that a live recording may write without a size
 * @throws HonzikError "is cut off" when an element reaches past the end of the file
 */
export function* elements(
  file: Bytes,
  entered: ReadonlySet<number>,
  mayBeEndless: ReadonlySet<number>,
): Generator<EbmlElement> {
  for (let at = file.start; at < file.end; ) {
    const idLength = vintLength(file, at)
    if (idLength > 4) throw damaged()
    const id = uintAt(file, at, idLength)
    const size = vintAt(file, at + idLength)
    const isEndless = size.value === undefined && mayBeEndless.has(id)
    if (size.value === undefined && !isEndless) throw damaged()
    const body = file.window(size.end, size.value ?? file.end - size.end)
    yield { id, body }
    at = entered.has(id) ? body.start : body.end
  }
}

/** How many bytes a number of variable length takes, told by the leading zeros of its first (RFC 8794, section 4). */
function vintLength(bytes: Bytes, at: number): number {
  const length = Math.clz32(bytes.u8(at)) - 23
  if (length > 8) throw damaged()
  return length
}

/** @returns its value, undefined for the one that means "unknown", and where it ends */
export function vintAt(bytes: Bytes, at: number): { readonly value: number | undefined; readonly end: number } {
  const length = vintLength(bytes, at)
  bytes.need(at, length)
  let value = bytes.u8(at) & (0xff >> length)
  for (let n = 1; n < length; n += 1) value = value * 256 + bytes.u8(at + n)
  // Of eight bytes a number cannot tell the greatest few apart: all of them are as good as unknown.
  return { value: value >= 2 ** (7 * length) - 1 ? undefined : value, end: at + length }
}

/** An element's body as an unsigned integer of at most eight bytes. */
export function uintOf({ start, end }: Bytes, file: Bytes): number {
  if (end - start > 8) throw damaged()
  return uintAt(file, start, end - start)
}

function uintAt(bytes: Bytes, at: number, length: number): number {
  bytes.need(at, length)
  let value = 0
  for (let n = 0; n < length; n += 1) value = value * 256 + bytes.u8(at + n)
  return value
}
