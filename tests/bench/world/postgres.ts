import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'

/** A PostgreSQL server that keeps what it acknowledges, unlike that of the tests. */
export interface Postgres extends AsyncDisposable {
  readonly url: string
  /** What it says of itself, such as `PostgreSQL 15.14, fsync on, synchronous_commit on`. */
  readonly description: string
  /** Seconds of processor time that all of its processes have used so far. */
  cpuSeconds(): number
}

const INSTALLED = '/usr/lib/postgresql'

/** Starts one on a free port, with its own defaults, its data in a new temporary folder. */
export async function startDurablePostgres(): Promise<Postgres> {
  const bin = newestBin()
  const folder = mkdtempSync(join(tmpdir(), 'honzik-bench-postgres-'))
  const data = join(folder, 'data')
  const owner = ownerOf()
  if (owner !== null) chownSync(folder, owner.uid, owner.gid)
  const options = { stdio: 'ignore', cwd: folder, ...(owner ?? {}) } as const
  const cluster = ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8']
  execFileSync(join(bin, 'initdb'), cluster, options)
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const settings = ['-p', `${port}`, '-h', '127.0.0.1', '-k', folder, '-c', 'max_connections=200']
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], options)
  return {
    url,
    description: await eventually(() => describe(url)),
    cpuSeconds: () => cpuSecondsOf(server.pid ?? 0),
    async [Symbol.asyncDispose]() {
      const gone = once(server, 'exit')
      execFileSync(join(bin, 'pg_ctl'), ['stop', '-D', data, '-m', 'immediate'], options)
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** In `/proc` times are counted in hundredths of a second. */
const TICKS_PER_S = 100

/** Those of a process, of its children, and of those of its children that have ended. */
function cpuSecondsOf(postmaster: number): number {
  const children = execFileSync('pgrep', ['-P', `${postmaster}`])
    .toString()
    .trim()
    .split('\n')
  // A child may end while we look; then its parent has its time.
  const timesOf = (pid: string) => statOf(pid).slice(11, 13)
  const ticks = [...children.flatMap(timesOf), ...statOf(`${postmaster}`).slice(11, 15)]
  return ticks.reduce((sum, each) => sum + Number(each), 0) / TICKS_PER_S
}

/** The fields after the name, which may contain spaces. */
function statOf(pid: string): readonly string[] {
  const file = `/proc/${pid}/stat`
  return existsSync(file) ? (readFileSync(file, 'utf8').split(') ')[1] ?? '').split(' ') : []
}

/** @throws unless it writes through to the disk, as what is measured is meant to */
async function describe(url: string): Promise<string> {
  const settings = ['server_version', 'fsync', 'synchronous_commit']
  const values = await administer(url, `select ${settings.map((name) => `current_setting('${name}') as ${name}`)}`)
  const { server_version: version, fsync, synchronous_commit: commit } = values[0] ?? {}
  if (fsync !== 'on' || commit !== 'on') throw new Error(`fsync is ${fsync} and synchronous_commit ${commit}`)
  return `PostgreSQL ${version}, fsync ${fsync}, synchronous_commit ${commit}`
}

/** Runs one statement on a connection of its own. */
export async function administer(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = postgres(url, { max: 1, connect_timeout: 1, fetch_types: false, onnotice: () => {} })
  try {
    return await client.unsafe(statement)
  } finally {
    await client.end()
  }
}

/** PostgreSQL refuses to run as root; then its own user runs it. */
function ownerOf(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres']).toString())
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function newestBin(): string {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED) : []
  const newest = versions.sort((one, other) => Number(other) - Number(one))[0]
  if (newest === undefined) throw new Error('No PostgreSQL here: install Debian\'s "postgresql".')
  return join(INSTALLED, newest, 'bin')
}
