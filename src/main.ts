import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { UsageError } from './cli/usage.ts'
import { type Config, readConfig } from './config.ts'
import { OperatorError } from './domain/error.ts'

// Keeps compiled modules between starts, in the system's folder for temporary files.
enableCompileCache()

type Command = (config: Config, args: string[]) => Promise<void>

/** Each command's modules are loaded only when it runs. */
const COMMANDS = new Map<string, () => Promise<Command>>([
  ['serve', async () => (await import('./cli/serve.ts')).serve],
  ['worker', async () => (await import('./cli/worker.ts')).worker],
  ['token', async () => (await import('./cli/token.ts')).token],
  ['seed', async () => (await import('./cli/seed.ts')).seed],
  ['warm', async () => (await import('./cli/warm.ts')).warm],
  ['migrate', async () => (await import('./cli/migrate.ts')).migrate],
])

try {
  const [name = 'serve', ...args] = process.argv.slice(2)
  const load = COMMANDS.get(name)
  if (load === undefined)
    throw new UsageError(`There is no command ${name}; there are ${[...COMMANDS.keys()].join(', ')}.`)
  // What is set already wins over the file.
  if (existsSync('.env')) process.loadEnvFile('.env')
  const config = readConfig(process.env)
  await (await load())(config, args)
  process.exit(0)
} catch (error) {
  process.stderr.write(`\n${explained(error)}\n`)
  process.exit(1)
}

/** Whoever runs it wrongly gets the line that helps; only surprises come with a stack. */
function explained(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(explained).join('\n')
  if (!(error instanceof Error)) return String(error)
  // A port that is taken, a server that cannot be reached, a password that is refused (SQLSTATE).
  const outside = 'code' in error && /^(E[A-Z]+|CONNECT\w+|[0-9A-Z]{5})$/.test(String(error.code))
  return error instanceof OperatorError || outside ? error.message : (error.stack ?? error.message)
}
