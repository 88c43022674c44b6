import { type SharedStore, StoreUnavailable } from './shared-store.ts'

const refuse = () => Promise.reject(new StoreUnavailable('there is no shared store'))

/** Stands where there is no shared store and nothing may be kept in memory either. */
export const noStore: SharedStore = {
  read: refuse,
  lease: refuse,
  fill: refuse,
  mark: refuse,
  invalidate: refuse,
  newEpoch: refuse,
  subscribe: () => ({ [Symbol.asyncDispose]: () => Promise.resolve() }),
}
