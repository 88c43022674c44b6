import { errors, jwtVerify, SignJWT } from 'jose'
import type { IssuedToken } from '../commands/command.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { parseUserId } from '../domain/ids.ts'
import { ROLES, type SignedIn, type Viewer } from '../domain/viewer.ts'

/** JSON Web Tokens signed with HS256: `sub` is a learner's id, `role` what they may do, `exp` is required. */
export interface Tokens {
  issue(subject: SignedIn, now: Temporal.Instant): Promise<IssuedToken>
  /** Who an `Authorization` header proves the caller to be. Never throws: a token that does not count is nobody's. */
  read(authorization: string | undefined, now: Temporal.Instant): Promise<Viewer>
}

const LIFETIME = Temporal.Duration.from({ hours: 24 })
/** Seconds that the clocks of two of our servers may differ by. */
const SKEW_S = 30

/** @param secret at least 32 bytes, as RFC 7518 section 3.2 asks for HS256 */
export function createTokens(secret: string): Tokens {
  const key = new TextEncoder().encode(secret)

  return {
    async issue({ id, role }, now) {
      const expiresAt = now.add(LIFETIME)
      const token = await new SignJWT({ role })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(String(id))
        .setIssuedAt(seconds(now))
        .setExpirationTime(seconds(expiresAt))
        .sign(key)
      return { token, expiresAt: toTimestamp(Temporal.Instant.fromEpochMilliseconds(seconds(expiresAt) * 1000)) }
    },

    async read(authorization, now) {
      if (authorization === undefined || authorization === '') return { role: 'nobody', refused: null }
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
      if (token === undefined) return refused('The Authorization header must be "Bearer <token>".')
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          requiredClaims: ['sub', 'exp'],
          currentDate: new Date(now.epochMilliseconds),
        })
        return viewerFrom(payload, seconds(now))
      } catch (error) {
        if (error instanceof errors.JWTExpired) return refused('The token in the Authorization header has expired.')
        return refused('The token in the Authorization header is not valid.')
      }
    },
  }
}

function viewerFrom(claims: Record<string, unknown>, now: number): Viewer {
  const role = ROLES.find((known) => known === claims['role'])
  const id = parseUserId(String(claims['sub']))
  if (!(Number(claims['exp']) <= now + LIFETIME.total('seconds') + SKEW_S))
    return refused('The token in the Authorization header lives longer than 24 hours.')
  if (role === undefined) return refused('The token in the Authorization header names no known role.')
  if (role !== 'user') return { role, id }
  return id === null ? refused('The token in the Authorization header names no learner.') : { role, id }
}

const refused = (reason: string): Viewer => ({ role: 'nobody', refused: reason })

const seconds = (instant: Temporal.Instant): number => Math.floor(instant.epochMilliseconds / 1000)
