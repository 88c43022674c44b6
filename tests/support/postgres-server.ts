import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

export interface PostgresServer {
  readonly url: string
  stop(): Promise<void>
}

export interface ControllablePostgres extends PostgresServer {
  /** Ends the server as an operator would, cutting every connection; the data stays. */
  halt(): Promise<void>
  /** Starts it again on the same port. */
  resume(): Promise<void>
  /** Freezes and unfreezes every process of the server. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
}

const INSTALLED = '/usr/lib/postgresql'

/** Starts a PostgreSQL server on a free port, its data in a new temporary folder; null where none is installed. */
export async function startPostgres(): Promise<ControllablePostgres | null> {
  const bin = newestBin()
  return bin === null ? null : start(bin)
}

async function start(bin: string): Promise<ControllablePostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'honzik-postgres-'))
  const data = join(folder, 'data')
  const owner = ownerOf()
  if (owner !== null) chownSync(folder, owner.uid, owner.gid)
  const options = { stdio: 'ignore', cwd: folder, ...(owner ?? {}) } as const

  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    options,
  )
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let server: ChildProcess | undefined

  async function resume() {
    const settings = ['-p', `${port}`, '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off', '-c', 'max_connections=200']
    // A deadlock is silence until it is found: on a busy machine a second of it may seem the end of the server.
    settings.push('-c', 'deadlock_timeout=100ms')
    server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], options)
    await eventually(() => ping(url))
  }

  async function halt() {
    const gone = new Promise((resolve) => server?.once('exit', resolve))
    execFileSync(join(bin, 'pg_ctl'), ['stop', '-D', data, '-m', 'immediate'], options)
    await gone
  }

  await resume()
  return {
    url,
    halt,
    resume,
    signal(signal) {
      const [postmaster = ''] = execFileSync('cat', [join(data, 'postmaster.pid')])
        .toString()
        .split('\n')
      const children = execFileSync('pgrep', ['-P', postmaster]).toString().trim().split('\n')
      for (const pid of [postmaster, ...children]) process.kill(Number(pid), signal)
    },
    async stop() {
      await halt()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root; then its own user runs it. */
function ownerOf(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres']).toString())
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function newestBin(): string | null {
  if (!existsSync(INSTALLED)) return null
  const newest = readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? null : join(INSTALLED, newest, 'bin')
}

async function ping(url: string): Promise<void> {
  const client = postgres(url, { max: 1, connect_timeout: 1, fetch_types: false, onnotice: () => {} })
  try {
    await client`select 1`
  } finally {
    await client.end()
  }
}
