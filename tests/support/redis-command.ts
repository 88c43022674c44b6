import { connect } from 'node:net'

/**
 * Sends one command over a connection of its own and resolves with the reply as it came over the wire: these tests change
 * servers behind the back of what they test, and do not use its driver for it.
 */
export function redisCommand(port: number, ...words: readonly (string | number)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(encoded(words)))
    socket.setTimeout(2_000, () => socket.destroy(new Error(`no answer to ${words.join(' ')}`)))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`hung up on ${words.join(' ')}`)))
    socket.on('data', (chunk) => {
      reply += chunk.toString()
      if (!isWhole(reply)) return
      socket.destroy()
      if (reply.startsWith('-')) reject(new Error(reply.slice(1).trim()))
      else resolve(reply)
    })
  })
}

/** A command as it goes over the wire. */
export const encoded = (words: readonly (string | number)[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(`${word}`)}\r\n${word}\r\n`).join('')}`

/** Of bulk strings, all of it; of anything else, its first line, which is all that is looked at. */
function isWhole(reply: string): boolean {
  const length = /^\$(\d+)\r\n/.exec(reply)
  return length ? Buffer.byteLength(reply) >= length[0].length + Number(length[1]) + 2 : reply.endsWith('\r\n')
}
