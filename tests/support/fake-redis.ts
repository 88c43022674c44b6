import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export interface FakeRedis extends AsyncDisposable {
  readonly port: number
}

/**
 * Starts something that answers commands as it is told to, with replies as they go over the wire. What `answer` leaves
 * undefined is answered with OK.
 */
export async function startFakeRedis(answer: (name: string) => string | undefined): Promise<FakeRedis> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    // Each command is an array whose first string is its name.
    socket.on('data', (chunk) => {
      for (const [, name = ''] of chunk.toString().matchAll(/^\*\d+\r\n\$\d+\r\n(\w+)/gm)) {
        socket.write(answer(name.toUpperCase()) ?? '+OK\r\n')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A text as a reply. */
export const bulkReply = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`

/** What INFO says about a master that can be used. */
export const infoOf = (runId: string, version = '7.0.15'): string =>
  bulkReply(
    `redis_version:${version}\r\nrun_id:${runId}\r\nloading:0\r\nrole:master\r\nmaster_replid2:${'0'.repeat(40)}`,
  )
