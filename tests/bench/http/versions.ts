import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { PEERS } from './contenders.ts'
import { placement } from './cores.ts'

/** The peers' packages that the numbers depend on. */
const NAMED = [
  '@apollo/server',
  '@as-integrations/fastify',
  '@apollo/server-plugin-response-cache',
  'fastify',
  'graphql-yoga',
  '@graphql-yoga/plugin-response-cache',
  '@envelop/response-cache-redis',
  'mercurius',
  'mercurius-cache',
  'graphql',
]

/** What the numbers were measured on. */
export function describeRun(postgres: string): string {
  const [cpu] = cpus()
  const peers: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(PEERS, 'package.json'), 'utf8'),
  )
  return [
    `Commit ${output('git', ['rev-parse', '--short', 'HEAD'])}, ${cpus().length} cores of ${cpu?.model.trim()}, ${placement}.`,
    `Node ${process.version}, ${postgres}, Redis ${redisVersion()};`,
    `${NAMED.map((name) => `${name} ${peers.dependencies[name]}`).join(', ')}.`,
  ].join('\n')
}

const redisVersion = (): string => /v=(\S+)/.exec(output('redis-server', ['--version']))?.[1] ?? 'of unknown version'

const output = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { cwd: import.meta.dirname })
    .toString()
    .trim()
