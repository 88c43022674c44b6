import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
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
  if (bin === null) return null
  const folder = mkdtempSync(join(tmpdir(), 'honzik-postgres-'))
  const data = join(folder, 'data')
  // PostgreSQL refuses to run as root.
  const asOwner = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : []
  if (asOwner.length > 0) execFileSync('chown', ['postgres', folder])
  chmodSync(folder, 0o755)
  const run = (program: string, ...args: string[]) => {
    const [command = '', ...rest] = [...asOwner, join(bin, program), ...args]
    return { command, rest }
  }

  const initdb = run(
    'initdb',
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  )
  execFileSync(initdb.command, initdb.rest, { stdio: 'ignore', cwd: folder })
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let server: ChildProcess | undefined

  async function resume() {
    const settings = ['-p', `${port}`, '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off', '-c', 'max_connections=200']
    const start = run('postgres', '-D', data, ...settings)
    server = spawn(start.command, start.rest, { stdio: 'ignore', cwd: folder })
    await eventually(() => ping(url))
  }

  async function halt() {
    const stop = run('pg_ctl', 'stop', '-D', data, '-m', 'immediate')
    const gone = new Promise((resolve) => server?.once('exit', resolve))
    execFileSync(stop.command, stop.rest, { stdio: 'ignore', cwd: folder })
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
