import type { MemoPolicy } from './memo.ts'

/*
 * Between memory and store everything is text. Of bytes each character is one (Latin-1), and so they are one byte each in
 * memory, and in a store that writes characters as bytes.
 */

/** A value as it is stored; undefined when there is no text for it. */
export const written = <Value>(value: Value, { bytes }: MemoPolicy<Value>): string | undefined =>
  bytes ? bytes.write(value).toString('latin1') : JSON.stringify(value)

/** The value in what was stored. Throws for a shape that the policy does not know. */
export const read = <Value>(text: string, { bytes, decode }: MemoPolicy<Value>): Value =>
  bytes ? bytes.read(Buffer.from(text, 'latin1')) : decode(JSON.parse(text))

/** A value as JSON for whoever wants to see it; of bytes only how many they are. */
export const shown = <Value>(value: Value, { bytes }: MemoPolicy<Value>): string =>
  JSON.stringify(bytes ? { bytes: bytes.write(value).length } : value)
