import type { Outbox } from '../cache/outbox.ts'
import type { Readers } from '../loaders/readers.ts'
import type { Ledger } from '../replies/ledger.ts'
import { createLedger } from './ledger.ts'
import type { Orm } from './orm.ts'
import { createOutbox } from './outbox.ts'
import { createReaders } from './readers.ts'

/** What is asked over one connection by statements that each stand for themselves. */
export interface Ports {
  readonly orm: Orm
  readonly readers: Readers
  readonly outbox: Outbox
  readonly ledger: Ledger
}

export const createPorts = (orm: Orm): Ports => ({
  orm,
  readers: createReaders(orm),
  outbox: createOutbox(orm),
  ledger: createLedger(orm),
})

/** How work reaches a database. */
export interface Access {
  /** Asks over a connection that others may use at the same time. */
  share<T>(ask: (ports: Ports) => Promise<T>): Promise<T>
  /** Runs a transaction, which is kept when `work` has succeeded. */
  transact<T>(work: (transaction: Orm) => Promise<T>): Promise<T>
  close(): Promise<void>
}
