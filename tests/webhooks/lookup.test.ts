import { describe, expect, test } from 'vitest'
import { publicLookup, systemLookup } from '../../src/webhooks/lookup.ts'
import { startNameServer } from '../support/webhook-dns.ts'

const ZONE: Record<string, readonly string[]> = {
  'both.example A': ['192.0.2.1', '192.0.2.2'],
  'both.example AAAA': ['2001:db8::1'],
  'four.example A': ['192.0.2.4'],
  'six.example AAAA': ['2001:db8::6'],
  'localhost A': ['192.0.2.9'],
}

const startZone = () => startNameServer((name, type) => ZONE[`${name} ${type}`] ?? [])

const never = new AbortController().signal

describe('a name in public DNS', () => {
  test.each([
    ['both.example', ['192.0.2.1', '192.0.2.2', '2001:db8::1']],
    ['four.example', ['192.0.2.4']],
    ['six.example', ['2001:db8::6']],
  ])('has the addresses of both families: %s', async (name, addresses) => {
    await using server = await startZone()
    const found = await publicLookup([server.address])(name, never)
    expect(found.toSorted()).toEqual(addresses)
    expect(new Set(server.asked)).toEqual(new Set([`${name} A`, `${name} AAAA`]))
  })

  test('means what it means to everybody: the hosts file of this machine is not read', async () => {
    await using server = await startZone()
    expect(await publicLookup([server.address])('localhost', never)).toEqual(['192.0.2.9'])
  })

  test('that nobody has is an error', async () => {
    await using server = await startZone()
    await expect(publicLookup([server.address])('nobody.example', never)).rejects.toThrow(AggregateError)
  })

  test('is no longer asked for once the signal is aborted', async () => {
    const controller = new AbortController()
    await using server = await startNameServer(() => {
      controller.abort()
      return null
    })
    const lookup = publicLookup([server.address])('silent.example', controller.signal)
    await expect(lookup).rejects.toMatchObject({ errors: [{ code: 'ECANCELLED' }, { code: 'ECANCELLED' }] })
  })

  test('is not asked for at all when it was aborted before', async () => {
    await using server = await startZone()
    const signal = AbortSignal.abort(new Error('too late'))
    await expect(publicLookup([server.address])('both.example', signal)).rejects.toThrow('too late')
    expect(server.asked).toEqual([])
  })
})

test('the system knows names that DNS does not, such as localhost', async () => {
  expect((await systemLookup('localhost', never)).some((address) => ['127.0.0.1', '::1'].includes(address))).toBe(true)
})
