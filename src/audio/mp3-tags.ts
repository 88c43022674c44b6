import type { Bytes } from './bytes.ts'
import { damaged } from './refusals.ts'

/** Where an MP3's frames begin: behind ID3v2 tags (id3.org, "ID3v2.4.0 - Main Structure"). */
export function beginningOf(file: Bytes): number {
  let at = file.start
  while (file.mayHave(at, 'ID3')) {
    const isFooted = (file.u8(at + 5) & 0x10) !== 0
    at = file.window(at + 10, syncsafe(file, at + 6) + (isFooted ? 10 : 0)).end
  }
  return at
}

/** Four times seven bits. */
function syncsafe(file: Bytes, at: number): number {
  const value = file.u32(at)
  if ((value & 0x80808080) !== 0) throw damaged()
  return ((value & 0x7f000000) >> 3) | ((value & 0x7f0000) >> 2) | ((value & 0x7f00) >> 1) | (value & 0x7f)
}

const ID3V1_LENGTH = 128
const APE_FOOTER_LENGTH = 32

/** Where an MP3's frames end: before ID3v1 and, in front of that, APE tags (wiki.hydrogenaudio.org, "APEv2 spec"). */
export function endOf(file: Bytes): number {
  const end = file.has(file.end - ID3V1_LENGTH, 'TAG') ? file.end - ID3V1_LENGTH : file.end
  const footer = end - APE_FOOTER_LENGTH
  if (!file.has(footer, 'APETAGEX')) return end
  const hasHeader = file.u32(footer + 20, true) >= 2 ** 31
  const begin = end - file.u32(footer + 12, true) - (hasHeader ? APE_FOOTER_LENGTH : 0)
  if (begin < file.start) throw damaged()
  return begin
}

/** Whether a tag seems to begin at `at` of which `endOf` has not seen the end. */
export const isTag = (file: Bytes, at: number): boolean => ['TAG', 'APETAGEX'].some((name) => file.mayHave(at, name))
