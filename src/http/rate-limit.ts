import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { HonzikError } from '../domain/error.ts'
import type { Viewer } from '../domain/viewer.ts'
import { viewerLabel } from './viewers.ts'

/** What is left of a viewer's limit. */
export interface Allowance {
  readonly allowed: boolean
  /** `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset`, names and values in turns. */
  readonly headers: readonly string[]
  /** Seconds until the limit is whole again. */
  readonly resetSeconds: number
}

/** Counts requests. Each counts once, whoever asks about it. */
export interface RateLimit {
  readonly perMinute: number
  take(request: IncomingMessage, viewer: Viewer): Promise<Allowance>
  /** Counts a request of a viewer who is signed in, by their label. */
  count(label: string): Promise<Allowance>
}

const WINDOW_S = 60

export function createRateLimit(perMinute: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_S })
  const taken = new WeakMap<IncomingMessage, Promise<Allowance>>()

  async function counted(key: string): Promise<Allowance> {
    try {
      return allowanceOf(await limiter.consume(key), true)
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return allowanceOf(refusal, false)
      throw refusal
    }
  }

  function allowanceOf({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed: boolean): Allowance {
    const resetSeconds = Math.ceil(msBeforeNext / 1000)
    const values = { limit: perMinute, remaining: remainingPoints, reset: resetSeconds }
    const headers = Object.entries(values).flatMap(([name, value]) => [`x-ratelimit-${name}`, String(value)])
    return { allowed, headers, resetSeconds }
  }

  return {
    perMinute,
    count: counted,
    take(request, viewer) {
      const before = taken.get(request)
      if (before) return before
      // Who is signed in has a limit of their own, wherever they come from.
      const key = viewer.role === 'nobody' ? `ip ${request.socket.remoteAddress}` : viewerLabel(viewer)
      const allowance = counted(key)
      taken.set(request, allowance)
      return allowance
    },
  }
}

/** Refuses requests to the routes of `scope` that are over the limit. */
export function registerRateLimit(scope: FastifyInstance, limit: RateLimit): void {
  scope.addHook('preHandler', async ({ raw, viewer }, reply) => {
    const { allowed, headers, resetSeconds } = await limit.take(raw, viewer)
    for (let at = 0; at < headers.length; at += 2) reply.header(headers[at] ?? '', headers[at + 1])
    if (!allowed)
      throw new HonzikError('RATE_LIMITED', `At most ${limit.perMinute} requests a minute.`, {
        retryAfterSeconds: resetSeconds,
      })
  })
}
