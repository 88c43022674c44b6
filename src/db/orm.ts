import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/**
 * The query builder over either driver. On one connection statements reach the database in the order in which their
 * `execute` is called, and are done there in that order: several may be under way at once, where none needs to know what
 * another has answered. Without `execute` they begin only when somebody waits for them.
 */
export type Orm = PgDatabase<PgQueryResultHKT>
