import { createL1 } from '../cache/l1.ts'
import type { Viewer } from '../domain/viewer.ts'

/** Who asks, and a word that no other viewer has: what is kept for one viewer is kept under it. */
export interface KnownViewer {
  readonly viewer: Viewer
  readonly label: string
  /** What proves it. */
  readonly authorization: string | undefined
  /** Until then it does, in milliseconds since 1970. */
  readonly until: number
}

export interface Viewers {
  /** Who an `Authorization` header was proven to be, while that proof holds; undefined when it has to be {@link read}. */
  known(authorization: string | undefined): KnownViewer | undefined
  /** Who it proves the caller to be. Proofs are remembered until they end. */
  read(authorization: string | undefined): Promise<KnownViewer>
}

export interface ViewersOptions {
  /** `until` in milliseconds since 1970; null for a viewer who is not to be remembered. */
  readonly prove: (authorization: string | undefined) => Promise<{ viewer: Viewer; until: number | null }>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Bytes of memory for tokens that were verified: some thousands. */
const REMEMBERED_BYTES = 4 * 1024 * 1024

/** A viewer's role and id, as in `user:7`; `staff:-` without a learner's id. */
export const viewerLabel = (viewer: Viewer): string =>
  viewer.role === 'nobody' ? 'nobody' : `${viewer.role}:${viewer.id ?? '-'}`

export const NOBODY: KnownViewer = {
  viewer: { role: 'nobody', refused: null },
  label: 'nobody',
  authorization: undefined,
  until: Number.POSITIVE_INFINITY,
}

export function createViewers({ prove, now }: ViewersOptions): Viewers {
  const proven = createL1({ maxBytes: REMEMBERED_BYTES, began: now() }).shelf<string, KnownViewer>()
  return {
    known: (authorization) => (authorization === undefined ? NOBODY : (proven.get(authorization, now()) ?? undefined)),
    async read(authorization) {
      const { viewer, until } = await prove(authorization)
      const known = { viewer, label: viewerLabel(viewer), authorization, until: until ?? Number.NEGATIVE_INFINITY }
      // Only tokens that hold: others could be made up without end.
      if (authorization !== undefined && until !== null)
        proven.put(authorization, authorization, known, { asOf: 0, bytes: authorization.length, expiresAt: until })
      return known
    },
  }
}
