import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { REDIS_PATIENCE_MS } from './patience.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

/** A server in a process of its own, started as `npm start` starts it. */
export interface ServerProcess extends AsyncDisposable {
  /** Everything it has written so far, both streams. */
  readonly output: () => string
  /** Resolves with its address once it has said where it listens. */
  readonly listening: Promise<string>
  /** Resolves in the very moment that it has written what is looked for. */
  says(wanted: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>
  signal(signal: NodeJS.Signals): void
}

/** Runs `src/main.ts` with these variables, more patience with Redis where they say nothing of it, and nothing of ours. */
export function startProcess(env: Record<string, string>, args: readonly string[] = []): ServerProcess {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', REDIS_TIMEOUT_MS: String(REDIS_PATIENCE_MS), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  const looks = new Set<() => void>()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const read = (chunk: Buffer) => {
    written += chunk.toString()
    for (const look of looks) look()
  }
  const says = (wanted: RegExp): Promise<RegExpExecArray> => {
    const { promise: found, resolve } = Promise.withResolvers<RegExpExecArray>()
    const look = () => {
      const match = wanted.exec(written)
      if (match) resolve(match)
    }
    looks.add(look)
    look()
    return Promise.race([found, ended]).finally(() => looks.delete(look))
  }
  child.stdout?.on('data', read)
  child.stderr?.on('data', read)
  const exited = once(child, 'close').then(([code]: (number | null)[]) => {
    reject(new Error(`the server ended with ${code} before it said so:\n${written}`))
    return code ?? null
  })
  const listening = says(/answers at\s+(http\S+)\/graphql/).then(([, address = '']) => address)
  // Whoever does not wait for it to listen expects it not to.
  for (const each of [ended, listening]) each.catch(() => {})
  return {
    output: () => written,
    listening,
    says,
    exited,
    signal: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** The admin's token in the explorer's link. */
export function greetedToken(server: ServerProcess): string {
  const token = /#token=(\S+)/.exec(server.output())?.[1]
  if (token === undefined) throw new Error(`no token in:\n${server.output()}`)
  return token
}

/** Asks over HTTP; throws when the server cannot be reached. */
export async function askAt(url: string, query: string, token?: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  })
  return response.json()
}
