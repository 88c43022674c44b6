import type { Bytes } from './bytes.ts'
import { cutOff, damaged } from './refusals.ts'

/** A packet's share in a page. */
interface Piece {
  readonly piece: Bytes
  /** Whether the packet ends with it; else the stream's next page goes on. */
  readonly isEnd: boolean
}

/** A page of an Ogg file (RFC 3533, section 6). */
export interface OggPage {
  /** The logical bitstream that it belongs to. */
  readonly serial: number
  readonly isFirst: boolean
  readonly isLast: boolean
  /** The position, in samples, of the end of the last packet that ends in this page; undefined where none does. */
  readonly granule: number | undefined
  readonly body: Bytes
  pieces(): Iterable<Piece>
}

const HEADER_LENGTH = 27

/** The pages of a file that is nothing but pages. @throws HonzikError where it is not, or breaks off within one */
export function* pages(file: Bytes): Generator<OggPage> {
  for (let at = file.start; at < file.end; ) {
    const page = pageAt(file, at)
    yield page
    at = page.body.end
  }
}

function pageAt(file: Bytes, at: number): OggPage {
  if (!file.has(at, 'OggS')) throw file.mayHave(at, 'OggS') ? cutOff() : damaged()
  const flags = file.u8(at + 5)
  const granule = file.u64(at + 6, true)
  const lacing = file.window(at + HEADER_LENGTH, file.u8(at + 26))
  let length = 0
  for (let n = lacing.start; n < lacing.end; n += 1) length += lacing.u8(n)
  const body = file.window(lacing.end, length)
  return {
    serial: file.u32(at + 14, true),
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    // The position is signed; -1 stands for none, and no other negative one means anything.
    granule: granule < 2 ** 63 ? granule : undefined,
    body,
    pieces: () => piecesOf(lacing, body),
  }
}

/** A packet is a run of segments of 255 bytes and the first shorter one, which may be empty. */
function* piecesOf(lacing: Bytes, body: Bytes): Generator<Piece> {
  let from = body.start
  let to = from
  for (let n = lacing.start; n < lacing.end; n += 1) {
    const length = lacing.u8(n)
    to += length
    const isEnd = length < 255
    if (!isEnd && n + 1 < lacing.end) continue
    yield { piece: body.window(from, to - from), isEnd }
    from = to
  }
}
