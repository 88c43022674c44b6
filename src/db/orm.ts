import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** The query builder over either driver. */
export type Orm = PgDatabase<PgQueryResultHKT>
