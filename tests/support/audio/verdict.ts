import { inspectAudio } from '../../../src/audio/inspect.ts'
import { HonzikError } from '../../../src/domain/error.ts'

/** What is made of a recording: its format and seconds, or why it is refused. Any other error is thrown on. */
export async function verdictOn(bytes: Uint8Array): Promise<string> {
  try {
    const { format, durationSeconds } = await inspectAudio(bytes)
    return `${format} ${durationSeconds.toFixed(2)}`
  } catch (error) {
    if (!(error instanceof HonzikError) || error.field !== 'audio') throw error
    return error.message
  }
}

export const isAccepted = async (bytes: Uint8Array): Promise<boolean> => !(await verdictOn(bytes)).startsWith('audio ')

/** A copy with other bytes at a place. */
export function patched(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy.set(values, at)
  return copy
}

/** Where a name (ASCII) stands for the first time. */
export function find(bytes: Uint8Array, name: string): number {
  const at = Buffer.from(bytes).indexOf(name, 0, 'latin1')
  if (at < 0) throw new Error(`There is no ${name}.`)
  return at
}
