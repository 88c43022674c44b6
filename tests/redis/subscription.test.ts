import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lifeOf } from '../../src/redis/identity.ts'
import { Sockets } from '../../src/redis/sockets.ts'
import { Subscription } from '../../src/redis/subscription.ts'
import { Troubles } from '../../src/redis/troubles.ts'
import { eventually } from '../support/eventually.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts'

const access = { username: undefined, password: undefined, db: 0, tls: false }

describe.skipIf(!hasRedis)('a subscription', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test('passes on only what is of the life that it named', async () => {
    const own = lifeOf(await server.command('INFO'))
    const endpoint = { host: '127.0.0.1', port: server.port }
    const home = { endpoint, own: 'another server', life: 'first' as string | null }
    const seen: string[] = []
    const reach = { access, sockets: new Sockets(1), troubles: new Troubles(({ message }) => seen.push(message)) }
    await using subscription = new Subscription(
      { reach, channel: 'bus', home: () => ({ ...home }) },
      {
        listening: (life) => seen.push(`listening to ${life}`),
        heard: ({ number }) => seen.push(`heard ${number}`),
        lost: () => seen.push('lost'),
      },
    )
    const subscribers = async () => expect(await server.command('PUBSUB', 'NUMSUB', 'bus')).toContain(':1\r\n')
    const say = async (number: number) => {
      await eventually(subscribers)
      await server.command('PUBLISH', 'bus', `${number} []`)
    }
    // Commands are answered by another server: what is said here is not about what is read there.
    await say(1)
    home.own = own
    await eventually(() => expect(seen).toEqual(['listening to first']))
    await say(2)
    await eventually(() => expect(seen.at(-1)).toBe('heard 2'))
    for (const life of ['first', null]) {
      home.life = life
      subscription.check()
    }
    expect(seen.at(-1)).toBe('heard 2')
    home.life = 'second'
    subscription.check()
    expect(seen.at(-1)).toBe('lost')
    await eventually(() => expect(seen.at(-1)).toBe('listening to second'))
    for (const nonsense of ['', '3', 'x []', '3 [1]', '3 {}']) await server.command('PUBLISH', 'bus', nonsense)
    await say(3)
    await eventually(() => expect(seen.at(-1)).toBe('heard 3'))
    expect(seen).toEqual(['listening to first', 'heard 2', 'lost', 'listening to second', 'heard 3'])
  })
})
