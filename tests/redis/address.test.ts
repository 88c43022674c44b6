import { expect, test } from 'vitest'
import { optionsFor, parseAddress } from '../../src/redis/address.ts'

const open = { username: undefined, password: undefined, db: 0, tls: false }

test.each([
  ['redis://localhost', [['localhost', 6379]], open],
  ['redis://127.0.0.1:7000/', [['127.0.0.1', 7000]], open],
  ['redis://[::1]:7000/2', [['::1', 7000]], { ...open, db: 2 }],
  ['rediss://:pass@redis.example', [['redis.example', 6379]], { ...open, password: 'pass', tls: true }],
  ['redis://honzik:a%40b:c@h', [['h', 6379]], { ...open, username: 'honzik', password: 'a@b:c' }],
  ['redis://h%6Fnzik:a@b@h:1', [['h', 1]], { ...open, username: 'honzik', password: 'a@b' }],
])('%s names one server', (url, endpoints, access) => {
  expect(parseAddress(url)).toEqual({
    endpoints: endpoints.map(([host, port]) => ({ host, port })),
    cluster: false,
    access,
  })
})

test('a cluster is named by some of its nodes', () => {
  expect(parseAddress('rediss+cluster://u:p@a:7000,[::2],c:7002')).toEqual({
    endpoints: [
      { host: 'a', port: 7000 },
      { host: '::2', port: 6379 },
      { host: 'c', port: 7002 },
    ],
    cluster: true,
    access: { username: 'u', password: 'p', db: 0, tls: true },
  })
})

test.each([
  'redis:localhost',
  'http://localhost',
  'redis://',
  'redis://secret@',
  'redis://a:secret@a b:x',
  'redis://a,b',
  'redis://a/secret',
  'redis://:secret@a?family=6',
  'redis+cluster://a,b/1',
  'redis+cluster://a,,b',
])('%s is refused, without being repeated', (url) => {
  expect(() => parseAddress(url)).toThrow(/^(?!.*secret).*(URL|Cluster)/)
})

test('TLS is told the name of the server, but no address', () => {
  const access = { ...open, tls: true }
  expect(optionsFor({ host: 'redis.example', port: 1 }, access).tls).toEqual({ servername: 'redis.example' })
  expect(optionsFor({ host: '::1', port: 1 }, access).tls).toEqual({})
  expect(optionsFor({ host: 'redis.example', port: 1 }, open)).toEqual({ host: 'redis.example', port: 1, db: 0 })
})
