import { setTimeout as pause } from 'node:timers/promises'

/**
 * Tries until it works, for what happens outside this process and tells nobody when it is done.
 * Fails with the last failure after `withinMs`.
 */
export async function eventually<T>(attempt: () => T | Promise<T>, withinMs = 60_000): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(25)
    }
  }
}
