import type { Lines } from './voices/voice.ts'

/** FNV-1a of 32 bits, with its bits mixed well at the end: without that, the last one would only tell even from odd. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** One of several ways to say something: always the same for the same seed, and another one in every list. */
export const pick = (lines: Lines, seed: string): string => pickOf(lines, `${lines[0]} ${seed}`)

/** The same for things of any kind, for which only the seed tells one list from another. */
export const pickOf = <Thing>(things: readonly [Thing, ...Thing[]], seed: string): Thing =>
  things[hashOf(seed) % things.length] ?? things[0]
