import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server for the tests alone; null where there is none. */
    postgresUrl: string | null
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL']
  const server = given ? { url: given, stop: async () => {} } : await startPostgres()
  if (server === null) {
    const advice = 'No PostgreSQL here: install Debian\'s "postgresql" or set TEST_DATABASE_URL.'
    if (process.env['CI']) throw new Error(advice)
    process.stderr.write(`\n${advice} The tests that need it are skipped.\n\n`)
  }
  project.provide('postgresUrl', server?.url ?? null)
  return async () => server?.stop()
}
