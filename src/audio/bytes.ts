import { cutOff, damaged, tooLong } from './refusals.ts'

/**
 * How many windows one file may be cut into, so that a few megabytes of nothing but tiny parts cost no more than some
 * ten milliseconds. Opus' shortest packets (2.5 ms) make 24,000 a minute, and no container needs more than four each.
 */
const MAX_WINDOWS = 200_000

/**
 * A window onto a file. Positions are the file's own, in every window.
 * No read gives less than was asked for: past the window it throws, so that no walk over hostile bytes can go astray.
 */
export class Bytes {
  readonly start: number
  readonly end: number
  readonly #view: DataView
  /** Shared by all windows of a file. */
  readonly #made: { windows: number }

  private constructor(view: DataView, start: number, end: number, made: { windows: number }) {
    this.#view = view
    this.#made = made
    this.start = start
    this.end = end
  }

  static of({ buffer, byteOffset, byteLength }: Uint8Array): Bytes {
    return new Bytes(new DataView(buffer, byteOffset, byteLength), 0, byteLength, { windows: 0 })
  }

  /** Pieces from all over a file, as one. */
  static joined(pieces: readonly Bytes[]): Bytes {
    return Bytes.of(Buffer.concat(pieces.map((piece) => piece.#array())))
  }

  /** Whether a window's end is where the file itself ends, so that what lies beyond was lost. */
  get #isFile(): boolean {
    return this.end === this.#view.byteLength
  }

  /**
   * Makes sure that `length` bytes follow from `at`.
   * @throws HonzikError "is cut off" where the file ends too early, "is damaged" where only this window does
   */
  need(at: number, length: number): void {
    // A negation, so that NaN is refused too.
    if (!(at >= this.start && length >= 0 && at + length <= this.end)) throw this.#isFile ? cutOff() : damaged()
  }

  /** The window of `length` bytes from `at`. @throws HonzikError as `need`, and when the file has had too many */
  window(at: number, length: number): Bytes {
    this.need(at, length)
    this.#made.windows += 1
    if (this.#made.windows > MAX_WINDOWS) throw tooLong()
    return new Bytes(this.#view, at, at + length, this.#made)
  }

  #array(): Uint8Array {
    const { buffer, byteOffset } = this.#view
    return new Uint8Array(buffer, byteOffset + this.start, this.end - this.start)
  }

  u8(at: number): number {
    this.need(at, 1)
    return this.#view.getUint8(at)
  }

  u16(at: number, littleEndian = false): number {
    this.need(at, 2)
    return this.#view.getUint16(at, littleEndian)
  }

  u32(at: number, littleEndian = false): number {
    this.need(at, 4)
    return this.#view.getUint32(at, littleEndian)
  }

  /** A 64-bit integer; from 2^53 on the nearest that a number can be, which is far past every limit anyway. */
  u64(at: number, littleEndian = false): number {
    const [high, low] = littleEndian ? [at + 4, at] : [at, at + 4]
    return this.u32(high, littleEndian) * 2 ** 32 + this.u32(low, littleEndian)
  }

  i16(at: number): number {
    return (this.u16(at) << 16) >> 16
  }

  /** Whether `text` (ASCII) stands at `at`; false, too, where the window ends before it could. */
  has(at: number, text: string): boolean {
    return at >= this.start && at + text.length <= this.end && this.#matches(at, text)
  }

  /** Whether the window may be the beginning of a file with `text` (ASCII) at `at`: it has it, or ends within it. */
  mayHave(at: number, text: string): boolean {
    return at >= this.start && at < this.end && this.#matches(at, text.slice(0, this.end - at))
  }

  #matches(at: number, text: string): boolean {
    for (let n = 0; n < text.length; n += 1) {
      if (this.#view.getUint8(at + n) !== text.charCodeAt(n)) return false
    }
    return true
  }
}
