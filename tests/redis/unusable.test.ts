import { describe, expect, test } from 'vitest'
import type { Mark, SharedStore } from '../../src/cache/shared-store.ts'
import { makeCertificates } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { bulkReply, infoOf, startFakeRedis } from '../support/fake-redis.ts'
import { freePort } from '../support/free-port.ts'
import { hasRedis, startRedis } from '../support/redis-server.ts'
import { listenTo, openStore, unavailable } from './opened-store.ts'

const refused = { ...unavailable, silent: false }

describe.skipIf(!hasRedis)('a Redis server that cannot be used', () => {
  const recovered = (store: SharedStore): Promise<Mark> => eventually(() => store.mark())

  const told = async (url: string, trouble: RegExp) => {
    await using opened = openStore(url)
    await eventually(() => expect(opened.troubles.join()).toMatch(trouble))
    await expect(opened.store.mark()).rejects.toMatchObject(refused)
    await expect(opened.store.invalidate(['a'], [])).rejects.toMatchObject(refused)
    return [...opened.troubles]
  }

  test('is told: a wrong password, and none', async () => {
    await using server = await startRedis(['--requirepass', 'secret'])
    const troubles = await told(server.url.replace('://', '://:wrong@'), /WRONGPASS/)
    expect(troubles.join()).not.toContain(':wrong')
    await told(server.url, /NOAUTH/)
  })

  test('is told: a user who may not do what is needed', async () => {
    await using server = await startRedis()
    await server.command('ACL', 'SETUSER', 'blind', 'on', '>x', '~*', '&*', '+@all', '-info')
    await told(server.url.replace('://', '://blind:x@'), /NOPERM/)
    await server.command('ACL', 'SETUSER', 'mute', 'on', '>x', '~*', '&*', '+@all', '-publish', '-subscribe')
    await using mute = openStore(server.url.replace('://', '://mute:x@'))
    await recovered(mute.store)
    await expect(mute.store.invalidate([], ['x'])).rejects.toMatchObject(refused)
    await using listener = listenTo(mute.store)
    await eventually(() => expect(mute.troubles.join()).toContain('NOPERM'))
    expect(listener.seen).toEqual([])
  })

  test('is told: one that is too old', async () => {
    await using old = await startFakeRedis((name) => (name === 'INFO' ? infoOf('old', '6.2.14') : undefined))
    await told(`redis://127.0.0.1:${old.port}`, /Redis 7\.0 or newer is needed; this one says 6\.2\.14/)
  })

  test('is told: one that nobody vouches for', async () => {
    using certificates = makeCertificates()
    const port = await freePort()
    const { certificate, key } = certificates.files
    const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate]
    await using _server = await startRedis(['--tls-port', `${port}`, '--tls-auth-clients', 'no', ...files])
    await told(`rediss://127.0.0.1:${port}`, /certificate/)
  })

  test('is a replica, until its name leads to the master', async () => {
    let connections = 0
    await using named = await startFakeRedis((name) => {
      if (name === 'HELLO') connections += 1
      const info = infoOf(`run${connections}`)
      if (name === 'INFO') return connections === 1 ? info.replace('role:master', 'role:slave ') : info
      return name.startsWith('EVAL') ? `*2\r\n${bulkReply('7')}${bulkReply('7')}` : undefined
    })
    await using opened = openStore(`redis://127.0.0.1:${named.port}`)
    await eventually(() => expect(opened.troubles.join()).toContain('it is a replica'))
    await expect(opened.store.mark()).rejects.toMatchObject(refused)
    expect((await recovered(opened.store)).life).toBe('run2')
  })

  test('is told: one that is not there, once each time that it goes', async () => {
    await using server = await startRedis()
    await using opened = openStore(server.url)
    const { store, troubles } = opened
    const refusals = () => troubles.filter((each) => each.includes('ECONNREFUSED'))
    for (const times of [1, 2]) {
      await recovered(store)
      await server.stop()
      await eventually(() => expect(refusals()).toHaveLength(times))
      await expect(store.mark()).rejects.toMatchObject(refused)
      await server.restart()
    }
  })

  test('is one that loads its data, until it has', async () => {
    const slowly = [
      '--rdbcompression',
      'no',
      '--key-load-delay',
      '20000',
      '--loading-process-events-interval-bytes',
      '1024',
    ]
    await using server = await startRedis(slowly)
    await server.command('EVAL', "for i = 1, 2000 do redis.call('SET', i, string.rep('x', 500)) end", 0)
    await server.command('SAVE')
    await server.restart()
    await told(server.url, /loading/)
    await using opened = openStore(server.url)
    await expect(opened.store.mark()).rejects.toMatchObject(refused)
    await server.command('CONFIG', 'SET', 'key-load-delay', 0)
    const { life } = await recovered(opened.store)
    expect(await opened.store.read(['2000'], life)).toEqual(['x'.repeat(500)])
  })
})
