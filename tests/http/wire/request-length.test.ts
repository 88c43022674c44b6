import { expect, test } from 'vitest'
import { lengthOf } from '../../../src/http/wire/request-length.ts'

const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\n\r\n'

test.each<[string, string, Record<string, string>, number]>([
  ['its head alone', HEAD, {}, HEAD.length],
  ['its head and its body, however much of that is there', `${HEAD}ab`, { 'content-length': '7' }, HEAD.length + 7],
  ['nothing for certain while its head is not all there', 'POST / HTTP/1.1\r\nHost: x\r\n', {}, Number.NaN],
  ['nothing for certain when its body says itself where it ends', HEAD, { 'transfer-encoding': 'chunked' }, Number.NaN],
  ['nothing for certain when the protocol changes after it', HEAD, { upgrade: 'websocket' }, Number.NaN],
  ['nothing for certain when a line may end twice', HEAD.replace('x\r\n', 'x\nA: b\r\n'), {}, Number.NaN],
  ['nothing for certain when it begins with the end of a line', `\n${HEAD}`, {}, Number.NaN],
  ['only what stands before when it begins with an empty line', `\r\n\r\n${HEAD}`, {}, 4],
])('a request has %s', (_, bytes, headers, length) => {
  expect(lengthOf({ headers }, Buffer.from(bytes))).toBe(length)
})
