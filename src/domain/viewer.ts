import { HonzikError, notFound } from './error.ts'
import type { UserId } from './ids.ts'

export const ROLES = ['user', 'staff', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who is asking, as far as their token proves it. */
export type Viewer =
  | {
      readonly role: 'nobody'
      /** Why a token that was sent does not count; null when none was sent. */
      readonly refused: string | null
    }
  | { readonly role: 'user'; readonly id: UserId }
  /** Staff need not be learners; `id` is null when their token's subject is no learner's id. */
  | { readonly role: 'staff' | 'admin'; readonly id: UserId | null }

export type SignedIn = Exclude<Viewer, { role: 'nobody' }>

/** @throws UNAUTHENTICATED */
export function requireSignedIn(viewer: Viewer): SignedIn {
  if (viewer.role !== 'nobody') return viewer
  throw new HonzikError(
    'UNAUTHENTICATED',
    viewer.refused ?? 'Sign in: send an Authorization header with a Bearer token.',
  )
}

/** @throws UNAUTHENTICATED, or FORBIDDEN for learners */
export function requireStaff(viewer: Viewer): void {
  if (requireSignedIn(viewer).role === 'user') throw new HonzikError('FORBIDDEN', 'Only staff may do this.')
}

/** @throws UNAUTHENTICATED, or FORBIDDEN for everyone but admins */
export function requireAdmin(viewer: Viewer): void {
  if (requireSignedIn(viewer).role !== 'admin') throw new HonzikError('FORBIDDEN', 'Only admins may do this.')
}

/**
 * The id, when the viewer may see and change what is this learner's: the learner and staff may.
 * @throws UNAUTHENTICATED, or NOT_FOUND: whether another learner exists is nobody's business
 */
export function requireAccess(viewer: Viewer, id: UserId | null): UserId {
  requireSignedIn(viewer)
  if (id === null || !isAccessible(viewer, id)) throw notFound('learner')
  return id
}

/** Whether the viewer may see and change what is this learner's. @throws UNAUTHENTICATED */
export function isAccessible(viewer: Viewer, id: UserId): boolean {
  const { role, id: own } = requireSignedIn(viewer)
  return role !== 'user' || id === own
}
