import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isGlobal } from '../../src/webhooks/addresses.ts'

/** IANA's registries, with multicast (RFC 5771) and 192.88.99.0/24 (RFC 7526), which are kept elsewhere. */
const SPECIAL_V4: readonly (readonly [range: string, name: string])[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private use'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link local, where clouds keep their metadata'],
  ['172.16.0.0/12', 'private use'],
  ['192.0.0.0/24', 'IETF protocols'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'AS112'],
  ['192.52.193.0/24', 'AMT'],
  ['192.88.99.0/24', '6to4 relays'],
  ['192.168.0.0/16', 'private use'],
  ['192.175.48.0/24', 'AS112'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved, and broadcast'],
]

/** Everything in ::/3 and from 4000:: on as well, but for NAT64, which the tests below are about. */
const SPECIAL_V6: readonly (readonly [range: string, name: string])[] = [
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::/96', 'IPv4-compatible'],
  ['::ffff:0:0/96', 'IPv4-mapped'],
  ['::ffff:0:0:0/96', 'IPv4-translated'],
  ['64:ff9b:1::/48', 'local NAT64'],
  ['100::/64', 'discard only'],
  ['100:0:0:1::/64', 'dummy prefix'],
  ['200::/7', 'NSAP'],
  ['2001::/32', 'Teredo'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:3::/32', 'AMT'],
  ['2001:4:112::/48', 'AS112'],
  ['2001:10::/28', 'ORCHID'],
  ['2001:20::/28', 'ORCHIDv2'],
  ['2001:30::/28', 'drones'],
  ['2001::/23', 'IETF protocols'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'AS112'],
  ['3fff::/20', 'documentation'],
  ['4000::/2', 'not in use'],
  ['5f00::/16', 'segment routing'],
  ['8000::/1', 'not in use'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link local'],
  ['fec0::/10', 'site local'],
  ['ff00::/8', 'multicast'],
]

const v4Text = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')

const v6Text = (value: bigint): string =>
  Array.from({ length: 8 }, (_, group) => ((value >> BigInt(112 - 16 * group)) & 0xffffn).toString(16)).join(':')

/** A range's first and last address as numbers. */
function boundsOf(range: string): [first: bigint, last: bigint] {
  const [address = '', prefix = ''] = range.split('/')
  const isV4 = isIP(address) === 4
  const first = isV4 ? numberOfV4(address) : numberOfV6(address)
  return [first, first + (1n << BigInt((isV4 ? 32 : 128) - Number(prefix))) - 1n]
}

const numberOfV4 = (text: string): bigint => text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)

function numberOfV6(text: string): bigint {
  const [head = '', tail = ''] = text.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const groups = [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail]
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
}

const inRange = (range: string) => {
  const [min, max] = boundsOf(range)
  return fc.bigInt({ min, max }).map(range.includes(':') ? v6Text : v4Text)
}

/** Another implementation of ranges, to compare with. */
function listOf(ranges: readonly (readonly [range: string, name: string])[]): BlockList {
  const list = new BlockList()
  for (const [range] of ranges) {
    const [address = '', prefix] = range.split('/')
    list.addSubnet(address, Number(prefix), isIP(address) === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

describe('an address that is not on the internet', () => {
  test.each([...SPECIAL_V4, ...SPECIAL_V6])('is refused throughout %s: %s', (range) => {
    const text = range.includes(':') ? v6Text : v4Text
    expect(boundsOf(range).map((bound) => isGlobal(text(bound)))).toEqual([false, false])
    fc.assert(fc.property(inRange(range), (address) => !isGlobal(address)))
  })

  test.each(SPECIAL_V4)('is refused however IPv6 carries %s: %s', (range) => {
    const [first, last] = boundsOf(range)
    fc.assert(
      fc.property(fc.bigInt({ min: first, max: last }), (inner) => {
        const hex = v6Text(inner).split(':').slice(-2).join(':')
        const dotted = v4Text(inner)
        const carried = [hex, dotted].flatMap((it) => [`::${it}`, `::ffff:${it}`, `::ffff:0:${it}`, `64:ff9b::${it}`])
        const all = [...carried, `64:ff9b:1::${hex}`, `2002:${hex}::1`, `2001:0:808:808::${hex}`]
        expect(all.filter(isGlobal)).toEqual([])
      }),
    )
  })

  test.each([
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '::8.8.8.8',
    '::808:808',
    '::ffff:0:808:808',
    '2002:808:808::1',
    '64:ff9b:1::808:808',
    '64:ff9b::1:808:808',
  ])('is refused even around an IPv4 address that is: %s', (address) => {
    expect(isGlobal(address)).toBe(false)
  })

  test.each(['192.0.0.9', '192.0.0.10', '2001:1::1', '2001:1::2', '2001:1::3'])(
    'is refused when the nearest NAT answers at it: %s',
    (address) => {
      expect(isGlobal(address)).toBe(false)
    },
  )

  test.each([
    '',
    'localhost',
    'example.com',
    '8',
    '8.8',
    '8.8.8',
    '8.8.8.8.8',
    '08.8.8.8',
    '0x8.8.8.8',
    '134744072',
    '8.8.8.8 ',
    '8.8.8.8/32',
    '8.8.8.8%1',
    '[2606:4700::1111]',
    '2606:4700::1111%eth0',
    '2606:4700::1111/128',
    '2606:4700:::1111',
  ])('is refused when it is not plainly one: %j', (text) => {
    expect(isGlobal(text)).toBe(false)
  })
})

describe('an address on the internet', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2606:4700:4700::1111',
    '2003::1',
    '3ffe:ffff::1',
    '3fff:1000::1',
    '2A00:1450:4001::1',
    '64:ff9b::8.8.8.8',
    '64:ff9b::808:808',
  ])('passes: %s', (address) => {
    expect(isGlobal(address)).toBe(true)
  })

  test('is any IPv4 address that is in no special range', () => {
    const special = listOf(SPECIAL_V4)
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isGlobal(address)).toBe(!special.check(address))
      }),
      { numRuns: 5_000 },
    )
  })

  test('is any IPv6 address of 2000::/3 that is in no special range', () => {
    const special = listOf(SPECIAL_V6)
    fc.assert(
      fc.property(fc.oneof(inRange('2000::/3'), inRange('2001::/16'), inRange('3ff0::/12')), (address) => {
        expect(isGlobal(address)).toBe(!special.check(address, 'ipv6'))
      }),
      { numRuns: 5_000 },
    )
  })

  test('is never one that Node writes in another way and we read in another', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const normal = new URL(`http://[${address}]`).hostname.slice(1, -1)
        expect(isGlobal(normal)).toBe(isGlobal(address))
      }),
      { numRuns: 2_000 },
    )
  })
})
