import { ResponseCache } from '../../src/cache/response-cache.ts'
import { Responses } from '../../src/cache/response-shelf.ts'
import type { View } from '../../src/cache/view.ts'
import type { Guard } from './switches.ts'

/** What a server of the checker's says of itself from time to time. */
export interface Told {
  /** Answers that were found whole since the last time. */
  readonly whole: number
}

export const isTold = (message: unknown): message is Told =>
  typeof message === 'object' && message !== null && 'whole' in message

const TELL_EVERY_MS = 100

/** Counts what this process finds whole, for whoever started it, and takes a guard of whole answers away. */
export function watchWholeAnswers(weaken: Guard | null): void {
  if (weaken === 'fence') withoutFence()
  const find = weaken === 'trust' ? withoutTrust() : ResponseCache.prototype.find
  let whole = 0
  ResponseCache.prototype.find = function (name, view) {
    const found = find.call(this, name, view)
    if (found !== undefined) whole += 1
    return found
  }
  setInterval(() => {
    if (whole > 0) process.send?.({ whole } satisfies Told)
    whole = 0
  }, TELL_EVERY_MS).unref()
}

/** Keeps what was made before a change as well as what was made after it. */
function withoutFence(): void {
  const { put } = Responses.prototype
  Responses.prototype.put = function (key, value, options) {
    return put.call(this, key, value, { ...options, asOf: Number.MAX_SAFE_INTEGER })
  }
}

/** Shows what is kept whether or not this process has heard of all that the request has to know of. */
function withoutTrust(): typeof ResponseCache.prototype.find {
  const { has } = Responses.prototype
  let asked: Responses<unknown> | undefined
  Responses.prototype.has = function (name) {
    asked = this
    return has.call(this, name)
  }
  return function (this: ResponseCache<unknown>, name: string, { mode, mark, at }: View) {
    return mode === 'USE' && mark !== null && this.has(name) ? asked?.get(name, at) : undefined
  }
}
