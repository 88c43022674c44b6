import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { IssuedToken } from '../commands/command.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { parseUserId } from '../domain/ids.ts'
import { ROLES, type SignedIn, type Viewer } from '../domain/viewer.ts'

/** JSON Web Tokens signed with HS256: `sub` is a learner's id, `role` what they may do, `exp` is required. */
export interface Tokens {
  issue(subject: SignedIn, now: Temporal.Instant): Promise<IssuedToken>
  /** Who an `Authorization` header proves the caller to be. Never throws: a token that does not count is nobody's. */
  read(authorization: string | undefined, now: Temporal.Instant): Promise<Viewer>
  /** The same, and until when it holds, in milliseconds since 1970; null for nobody, of whom nothing is known. */
  prove(authorization: string | undefined, now: Temporal.Instant): Promise<Proof>
}

export interface Proof {
  readonly viewer: Viewer
  readonly until: number | null
}

const LIFETIME = Temporal.Duration.from({ hours: 24 })
/** Seconds that the clocks of two of our servers may differ by. */
const SKEW_S = 30

/** @param secret at least 32 bytes, as RFC 7518 section 3.2 asks for HS256 */
export function createTokens(secret: string): Tokens {
  const key = new TextEncoder().encode(secret)

  async function prove(authorization: string | undefined, now: Temporal.Instant): Promise<Proof> {
    if (authorization === undefined || authorization === '') return unproven(null)
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    if (token === undefined) return unproven('The Authorization header must be "Bearer <token>".')
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(now.epochMilliseconds),
      })
      const viewer = viewerFrom(payload, seconds(now))
      return { viewer, until: viewer.role === 'nobody' ? null : validUntil(payload) }
    } catch (error) {
      if (error instanceof errors.JWTExpired) return unproven('The token in the Authorization header has expired.')
      return unproven('The token in the Authorization header is not valid.')
    }
  }

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

    prove,
    read: async (authorization, now) => (await prove(authorization, now)).viewer,
  }
}

/** The second in which it expires is no longer its own (RFC 7519, 4.1.4). */
const validUntil = ({ exp }: JWTPayload): number => Number(exp) * 1000

function viewerFrom(claims: Record<string, unknown>, now: number): Viewer {
  const role = ROLES.find((known) => known === claims['role'])
  const id = parseUserId(String(claims['sub']))
  if (!(Number(claims['exp']) <= now + LIFETIME.total('seconds') + SKEW_S))
    return refused('The token in the Authorization header lives longer than 24 hours.')
  if (role === undefined) return refused('The token in the Authorization header names no known role.')
  if (role !== 'user') return { role, id }
  return id === null ? refused('The token in the Authorization header names no learner.') : { role, id }
}

const refused = (reason: string | null): Viewer => ({ role: 'nobody', refused: reason })

const unproven = (reason: string | null): Proof => ({ viewer: refused(reason), until: null })

const seconds = (instant: Temporal.Instant): number => Math.floor(instant.epochMilliseconds / 1000)
