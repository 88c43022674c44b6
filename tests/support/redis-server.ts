import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

const PROGRAM = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(existsSync)

if (!PROGRAM && process.env['CI']) throw new Error('No Redis here: install Debian\'s "redis-server".')

/** Whether Redis is installed; without it its tests are skipped by name. */
export const hasRedis = PROGRAM !== undefined

export interface RedisServer extends AsyncDisposable {
  readonly url: string
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
  /** Ends it as a crash does, and starts it again on the same port with what it had saved. */
  restart(): Promise<void>
}

/** Starts a Redis server on a free port, its data in a new temporary folder. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'honzik-redis-'))
  const port = await freePort()
  let server: ChildProcess

  async function start() {
    const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
    server = spawn(PROGRAM ?? 'redis-server', [...own, ...settings], { stdio: 'ignore' })
    await eventually(() => answers(port))
  }
  async function stop() {
    const gone = once(server, 'exit')
    server.kill('SIGKILL')
    await gone
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => server.kill(signal),
    async restart() {
      await stop()
      await start()
    },
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Resolves when something answers PING on the port. */
function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.setTimeout(500, () => socket.destroy(new Error('no answer')))
    socket.once('error', reject)
    socket.once('data', (reply) => {
      socket.destroy()
      if (/^(\+PONG|-NOAUTH)/.test(reply.toString())) resolve()
      else reject(new Error(reply.toString()))
    })
  })
}
