import { createHook } from 'node:async_hooks'

interface Timer {
  hasRef(): boolean
}

/** Counts timers that keep the process alive, of those made from now on: files that ran before may have left others. */
export function countTimers(): Disposable & (() => Promise<number>) {
  const made = new Map<number, Timer>()
  const hook = createHook({
    init: (id, type, _, resource) => void (type === 'Timeout' && isTimer(resource) && made.set(id, resource)),
    destroy: (id) => void made.delete(id),
  }).enable()
  const count = async () => {
    // The end of a timer is told one turn after it.
    await new Promise(setImmediate)
    return made
      .values()
      .filter((timer) => timer.hasRef())
      .toArray().length
  }
  return Object.assign(count, { [Symbol.dispose]: () => void hook.disable() })
}

const isTimer = (resource: object): resource is Timer => 'hasRef' in resource
