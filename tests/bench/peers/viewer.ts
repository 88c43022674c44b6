import { createVerifier } from 'fast-jwt'
import { settings } from './settings.ts'

export interface Viewer {
  readonly id: string
  readonly role: string
}

/** Remembers the tokens that it has verified until they expire; the key is the token itself, which costs least. */
const verify = createVerifier({
  key: settings.secret,
  algorithms: ['HS256'],
  requiredClaims: ['sub', 'exp'],
  cache: true,
  cacheKeyBuilder: (token) => token,
})

/** Who an `Authorization` header proves the caller to be, null for nobody. */
export function viewerOf(authorization: string | null | undefined): Viewer | null {
  if (!authorization?.startsWith('Bearer ')) return null
  try {
    const { sub, role } = verify(authorization.slice(7))
    return { id: String(sub), role: String(role) }
  } catch {
    return null
  }
}

/** The learner themselves, or staff. */
export const mayReach = (viewer: Viewer | null, id: string): boolean =>
  viewer !== null && (viewer.role !== 'user' || viewer.id === id)

/** What must differ for two callers not to be shown each other's answers. */
export const sessionOf = (viewer: Viewer | null): string | null => viewer && `${viewer.role}:${viewer.id}`
