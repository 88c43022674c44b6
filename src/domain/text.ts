import { badInput } from './error.ts'

/**
 * Refuses what PostgreSQL cannot store or JSON cannot carry: NUL bytes and lone surrogates.
 * @throws BAD_USER_INPUT naming `field`.
 */
function requireStorable(field: string, text: string): void {
  if (text.includes('\0')) throw badInput(field, 'must not contain NUL characters.')
  if (!text.isWellFormed()) throw badInput(field, 'must be well-formed Unicode; it contains half a surrogate pair.')
}

function requireVisible(field: string, trimmed: string, max: number): void {
  // Letters, digits, punctuation, symbols: what is made of joiners and spaces alone would look empty.
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(trimmed)) throw badInput(field, 'must not be empty.')
  if ([...trimmed].length > max) throw badInput(field, `must not be longer than ${max} characters.`)
}

/**
 * One line of text, trimmed, 1 to `max` characters as a reader counts code points.
 * @throws BAD_USER_INPUT naming `field`.
 */
export function parseLine(field: string, text: string, max: number): string {
  requireStorable(field, text)
  const trimmed = text.trim()
  requireVisible(field, trimmed, max)
  if (/\p{Cc}|[\u2028\u2029]/u.test(trimmed)) throw badInput(field, 'must not contain control characters.')
  return trimmed
}

/**
 * A text of one or more lines, trimmed, 1 to `max` characters as a reader counts code points.
 * @throws BAD_USER_INPUT naming `field`.
 */
export function parseText(field: string, text: string, max: number): string {
  requireStorable(field, text)
  const trimmed = text.trim()
  requireVisible(field, trimmed, max)
  if (/[^\P{Cc}\n\r\t]/u.test(trimmed)) throw badInput(field, 'must not contain control characters.')
  return trimmed
}

/** Whether `parseLine` would take the text. */
export function isLine(text: string, max: number): boolean {
  try {
    parseLine('text', text, max)
    return true
  } catch {
    return false
  }
}

/** @throws BAD_USER_INPUT naming `field` when the number is no integer within the bounds. */
export function parseInteger(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max)
    throw badInput(field, `must be an integer from ${min} to ${max.toLocaleString('en')}.`)
  return value
}
