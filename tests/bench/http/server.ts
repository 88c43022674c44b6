import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { onServerCore } from './cores.ts'

/** A server that is measured, in a process of its own. */
export interface Server extends AsyncDisposable {
  readonly port: number
  signal(name: NodeJS.Signals): void
  /** Bytes of memory that it has now. */
  residentBytes(): number
  /** Seconds of processor time that it has used so far. */
  cpuSeconds(): number
}

const READY = /answers at\s+http:\/\/[^\s:]+:(\d+)\/graphql/
const BYTES_PER_KB = 1024
/** In `/proc` times are counted in hundredths of a second. */
const TICKS_PER_S = 100

/** Runs a module of ours or of a peer with Node on the server's core, with just these variables. */
export async function startServer(module: string, env: Readonly<Record<string, string>>): Promise<Server> {
  const [command, args] = onServerCore(process.execPath, [module])
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise: ready, resolve, reject } = Promise.withResolvers<number>()
  let written = ''
  let disposed = false
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      written += chunk.toString()
      const port = READY.exec(written)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  const exited = once(child, 'close').then(([code]) => {
    const problem = `${module} ended with ${code}:\n${written}`
    reject(new Error(problem))
    if (!disposed) process.stderr.write(`${problem}\n`)
  })
  return {
    port: await ready,
    signal: (name) => void child.kill(name),
    residentBytes: () => residentBytes(child.pid ?? 0),
    cpuSeconds: () => cpuSeconds(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      disposed = true
      child.kill('SIGKILL')
      await exited
    },
  }
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * BYTES_PER_KB
}

function cpuSeconds(pid: number): number {
  // The name before the fields may contain spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}
