import { fileURLToPath } from 'node:url'

/** The same folder and table for both drivers. */
export const migrations = {
  migrationsFolder: fileURLToPath(new URL('../../drizzle', import.meta.url)),
}

/** PostgreSQL's advisory lock that a process holds while it migrates: "Honzík" in ASCII, as a 64-bit number. */
export const MIGRATION_LOCK = 0x486f6e7a696bn
