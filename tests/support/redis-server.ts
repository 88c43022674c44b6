import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { redisCommand } from './redis-command.ts'

const PROGRAM = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(existsSync)

if (!PROGRAM && process.env['CI']) throw new Error('No Redis here: install Debian\'s "redis-server".')

/** Whether Redis is installed; without it its tests are skipped by name. */
export const hasRedis = PROGRAM !== undefined

export interface RedisServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
  /** Does something with it behind the back of everyone else; resolves with the reply as it came over the wire. */
  command(...words: readonly (string | number)[]): Promise<string>
  /** Ends it as a crash does. */
  stop(): Promise<void>
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
    if (server.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill('SIGKILL')
    await gone
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    signal: (signal) => server.kill(signal),
    command: (...words) => redisCommand(port, ...words),
    stop,
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

export interface RedisUser {
  readonly name: string
  readonly password: string
  readonly rules: string
}

/** Lets a user do what its rules say, and everyone who does not say who they are only look after the server. */
export async function admitOnly(server: RedisServer, { name, password, rules }: RedisUser): Promise<void> {
  await server.command('ACL', 'SETUSER', name, 'reset', 'on', `>${password}`, ...rules.split(' '))
  await server.command('ACL', 'SETUSER', 'default', '-@read', '-@write', '-@pubsub', '-@scripting')
}

/** Resolves when something answers PING on the port, be it that it wants a password or is still loading. */
async function answers(port: number): Promise<void> {
  const reply = await redisCommand(port, 'PING').catch((error: Error) => error.message)
  if (!/^(\+PONG|NOAUTH|LOADING)/.test(reply)) throw new Error(reply)
}
