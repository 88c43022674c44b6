import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import ipaddr from 'ipaddr.js'

export interface NameServer extends AsyncDisposable {
  /** As `address:port`. */
  readonly address: string
  /** What was asked, as `name type`. */
  readonly asked: readonly string[]
}

const TYPES: Record<number, string> = { 1: 'A', 28: 'AAAA' }
const NO_SUCH_NAME = 3

/**
 * A name server on this machine.
 * @param answer the addresses for a name and a type, `A` or `AAAA`; null: says nothing at all
 */
export async function startNameServer(
  answer: (name: string, type: string) => readonly string[] | null,
): Promise<NameServer> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const { name, type, question } = questionIn(query)
    asked.push(`${name} ${type}`)
    const addresses = answer(name, type)
    if (addresses !== null) socket.send(answerTo(query, question, addresses), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

/** RFC 1035, 4.1.2: the labels, each after its length, and the type. */
function questionIn(query: Buffer) {
  const labels: string[] = []
  let at = 12
  for (let size = query.readUInt8(at); size > 0; size = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size))
    at += size + 1
  }
  const type = TYPES[query.readUInt16BE(at + 1)] ?? 'another'
  return { name: labels.join('.').toLowerCase(), type, question: query.subarray(12, at + 5) }
}

/** RFC 1035, 4.1.3; each record names the question's name by a pointer to it. */
function answerTo(query: Buffer, question: Buffer, addresses: readonly string[]): Buffer {
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | (addresses.length === 0 ? NO_SUCH_NAME : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(addresses.length, 6)
  const records = addresses.map((text) => {
    const bytes = ipaddr.parse(text).toByteArray()
    const type = bytes.length === 4 ? 1 : 28
    return Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes.length, ...bytes])
  })
  return Buffer.concat([header, question, ...records])
}
