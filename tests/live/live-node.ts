import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { isTold } from './whole-answers.ts'

const SERVER = join(import.meta.dirname, 'server.ts')

/** A server process of the checker's. */
export interface LiveNode extends AsyncDisposable {
  readonly name: string
  readonly url: string
  /** Errors from here on are no fault of the server's. */
  readonly excused: boolean
  /** Everything it has written so far. */
  readonly output: () => string
  /** Answers that it has found whole so far, as it says. */
  readonly whole: () => number
  /** Ends it at once. */
  kill(): Promise<void>
  /** Lets it end itself between its next commit of a change of this tag and the removal of the entry. */
  doom(tag: string): Promise<void>
  readonly exited: Promise<unknown>
}

export async function startNode(name: string, env: Readonly<Record<string, string>>): Promise<LiveNode> {
  const child = spawn(process.execPath, [SERVER], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let written = ''
  let whole = 0
  child.on('message', (message) => {
    if (isTold(message)) whole += message.whole
  })
  const heard = listenTo(child, (text) => {
    written += text
    return written
  })
  const exited = once(child, 'close')
  const failed = exited.then(() => {
    throw new Error(`${name} ended before it listened:\n${written}`)
  })
  const url = await Promise.race([heard, failed])

  let excused = false
  async function kill() {
    excused = true
    child.kill('SIGKILL')
    await exited
  }
  return {
    name,
    url,
    get excused() {
      return excused
    },
    output: () => written,
    whole: () => whole,
    exited,
    kill,
    async doom(tag) {
      excused = true
      await new Promise((resolve) => child.send(tag, resolve))
    },
    [Symbol.asyncDispose]: kill,
  }
}

/** Resolves with the address once the child has said it. */
function listenTo(child: ChildProcess, add: (text: string) => string): Promise<string> {
  return new Promise((resolve) => {
    const read = (chunk: Buffer) => {
      const address = /answers at\s+(http\S+)\/graphql/.exec(add(chunk.toString()))?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
  })
}
