import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { lengthOf } from '../../../src/http/wire/request-length.ts'
import { openRawClient } from './raw-client.ts'

const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\n\r\n'

test.each<[string, string, Record<string, string>, number]>([
  ['its head alone', HEAD, {}, HEAD.length],
  ['its head and its body, however much of that is there', `${HEAD}ab`, { 'content-length': '7' }, HEAD.length + 7],
  ['nothing for certain while its head is not all there', 'POST / HTTP/1.1\r\nHost: x\r\n', {}, Number.NaN],
  ['nothing for certain when its body says itself where it ends', HEAD, { 'transfer-encoding': 'chunked' }, Number.NaN],
  ['nothing for certain when the protocol changes after it', HEAD, { upgrade: 'websocket' }, Number.NaN],
  ['only what stands before when it begins with an empty line', `\r\n\r\n${HEAD}`, {}, 4],
])('a request has %s', (_, bytes, headers, length) => {
  expect(lengthOf({ headers }, Buffer.from(bytes))).toBe(length)
})

/* A head could otherwise end before its length says. */
test.each([
  'POST / HTTP/1.1\nHost: x\r\nContent-Length: 0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\nContent-Length: 0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\n\n',
  'POST / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\n\r\n\r\n',
])('a line that ends with a line feed alone is refused by the parser: %j', async (head) => {
  const server = createServer((_, response) => response.end('read')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await using client = await openRawClient(typeof address === 'object' && address !== null ? address.port : 0)
  await client.send(head)
  const [answer] = await client.answers(1)
  expect(answer?.head).toMatch(/^HTTP\/1.1 400 Bad Request/)
  server.close()
})
