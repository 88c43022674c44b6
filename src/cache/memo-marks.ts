/*
 * A mark notes that somebody has asked one question, and when. The list of an asker's marks is their text, one after the
 * other: all are of one length.
 */

/** Characters that tell one source from another: those on one store share the lists of askers who are called the same. */
const ORIGIN_LENGTH = 4

/** Digits of a fingerprint that tell one asker's questions from each other. */
const QUESTION_LENGTH = 16

/** Digits in base 36 of an instant, in milliseconds since 1970, until the year 5188. */
const INSTANT_LENGTH = 9

export const MARK_LENGTH = ORIGIN_LENGTH + QUESTION_LENGTH + INSTANT_LENGTH

/** What the marks of one question begin with, whenever it was asked. */
export function markName(origin: string, fingerprint: string): string {
  const source = origin.replace(/[^\da-z]/gi, '').slice(0, ORIGIN_LENGTH)
  return `${source.padEnd(ORIGIN_LENGTH, '-')}${fingerprint.slice(0, QUESTION_LENGTH)}`
}

export const markAt = (name: string, instant: number): string =>
  `${name}${Math.floor(instant).toString(36).padStart(INSTANT_LENGTH, '0')}`

/** When the question was asked first, as far as the list goes back; null: not. */
export function askedIn(list: string, name: string): number | null {
  for (let at = 0; at < list.length; at += MARK_LENGTH)
    if (list.startsWith(name, at)) return Number.parseInt(list.slice(at + name.length, at + MARK_LENGTH), 36)
  return null
}
