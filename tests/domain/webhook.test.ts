import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressInHost,
  type DeliveryEnd,
  isDisabling,
  nextAttemptDelaySeconds,
  parseWebhookSecret,
  parseWebhookUrl,
  WEBHOOK_EVENT_TYPES,
  WEBHOOK_EVENTS,
} from '../../src/domain/webhook.ts'
import { badInputOn } from '../support/refusals.ts'

test('every event has a type of its own, of identifiers with full stops between', () => {
  const types = WEBHOOK_EVENTS.map((event) => WEBHOOK_EVENT_TYPES[event])
  expect(new Set(types).size).toBe(WEBHOOK_EVENTS.length)
  expect(types.filter((type) => !/^[a-z_]+(\.[a-z_]+)+$/.test(type))).toEqual([])
})

const parsed = (text: string, allowPrivate = false) => parseWebhookUrl(text, { allowPrivate })

describe("a receiver's URL", () => {
  test.each([
    ['https://hooks.example.com', 'https://hooks.example.com/'],
    ['  https://Hooks.Example.COM:443/a/../b?c=d \n', 'https://hooks.example.com/b?c=d'],
    ['https://hooks.example.com:8443/', 'https://hooks.example.com:8443/'],
    ['https://čeština.example/ž', 'https://xn--etina-gya30d.example/%C5%BE'],
    ['https://a_b.example/', 'https://a_b.example/'],
    ['https://0x8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700::0:1111]/', 'https://[2606:4700::1111]/'],
  ])('is kept in its normal form: %j', (text, normal) => {
    expect(parsed(text)).toBe(normal)
    expect(parsed(normal)).toBe(normal)
  })

  test.each<[text: string, problem: string]>([
    ['', 'must be a URL'],
    ['hooks.example.com', 'must be a URL'],
    ['/honzik', 'must be a URL'],
    ['https://', 'must be a URL'],
    ['https://a b.example/', 'must be a URL'],
    ['https://1.2.3.4.5/', 'must be a URL'],
    ['https://example.com:65536/', 'must be a URL'],
    ['http://hooks.example.com/', 'must begin with https://.'],
    ['ftp://hooks.example.com/', 'must begin with https://.'],
    ['javascript:alert(1)', 'must begin with https://.'],
    ['file:///etc/passwd', 'must begin with https://.'],
    ['https://jan@hooks.example.com/', 'must not contain a user name or a password.'],
    ['https://:heslo@hooks.example.com/', 'must not contain a user name or a password.'],
    ['https://hooks.example.com/#a', 'must not contain a fragment.'],
    ['https://hooks.example.com/#', 'must not contain a fragment.'],
    ['https://hooks.example.com:0/', 'must not name port 0.'],
    ['https://./', 'must name a host'],
    ['https://a..b/', 'must name a host'],
    ['https://hooks.example.com./', 'must name a host'],
    ['https://*.example.com/', 'must name a host'],
    ['https://-a.example/', 'must name a host'],
    [`https://${'a'.repeat(64)}.example/`, 'must name a host'],
    [`https://${'a.'.repeat(126)}example/`, 'must name a host'],
    [`https://example.com/${'a'.repeat(2_029)}`, 'must not be longer than 2,048 characters.'],
    [`https://example.com/${'ž'.repeat(400)}`, 'must not be longer than 2,048 characters.'],
  ])('is refused: %j', (text, problem) => {
    expect(() => parsed(text)).toThrow(badInputOn('url'))
    expect(() => parsed(text)).toThrow(problem)
  })

  test('may be 2,048 characters long', () => {
    const longest = `https://example.com/${'a'.repeat(2_028)}`
    expect(parsed(longest)).toBe(longest)
  })

  test('may be without TLS where private receivers are allowed, but of no other kind', () => {
    expect(parsed('http://localhost:4001/', true)).toBe('http://localhost:4001/')
    expect(() => parsed('ftp://localhost/', true)).toThrow(badInputOn('url'))
  })

  test('that names an address is refused when that address is', () => {
    const rules = { allowPrivate: false, isPermitted: (address: string) => address === '8.8.8.8' }
    expect(parseWebhookUrl('https://8.8.8.8/', rules)).toBe('https://8.8.8.8/')
    expect(parseWebhookUrl('https://hooks.example.com/', rules)).toBe('https://hooks.example.com/')
    expect(() => parseWebhookUrl('https://0177.1/', rules)).toThrow('must not name a private or reserved address.')
    expect(() => parseWebhookUrl('https://[::1]/', rules)).toThrow(badInputOn('url'))
  })

  test('shows the address that its host is written as, if it is one', () => {
    const inHost = (text: string) => addressInHost(new URL(text).hostname)
    expect(['http://127.1', 'http://2130706433', 'http://0x7f.0.0.1', 'http://127。0。0。1.'].map(inHost)).toEqual(
      Array(4).fill('127.0.0.1'),
    )
    expect(inHost('http://[::FFFF:127.0.0.1]')).toBe('::ffff:7f00:1')
    expect(['http://localhost', 'http://127.0.0.1.example', 'http://a127.0.0.1a'].map(inHost)).toEqual(
      Array(3).fill(null),
    )
  })
})

describe('a signing secret', () => {
  const written = (bytes: Uint8Array) => `whsec_${bytes.toBase64()}`

  test('is 24 to 64 bytes', () => {
    const ofSize = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength })
    fc.assert(
      fc.property(ofSize(24, 64), (bytes) => {
        expect(parseWebhookSecret(written(bytes))).toBe(written(bytes))
      }),
    )
    fc.assert(
      fc.property(fc.oneof(ofSize(0, 23), ofSize(65, 100)), (bytes) => {
        expect(() => parseWebhookSecret(written(bytes))).toThrow(badInputOn('secret'))
      }),
    )
  })

  const good = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

  test.each([
    '',
    'whsec_',
    good.slice(6),
    good.toUpperCase(),
    `${good}\n`,
    ` ${good}`,
    `${good}=`,
    `${good}A`,
    `${good.slice(0, -1)}-`,
    `${good}AB==`,
    good.replace('whsec_', 'whsk_'),
    `whsec_${'A'.repeat(20)} ${'A'.repeat(20)}`,
  ])('is refused in another form: %j', (text) => {
    expect(parseWebhookSecret(good)).toBe(good)
    expect(() => parseWebhookSecret(text)).toThrow(badInputOn('secret'))
  })
})

describe('a delivery that was not accepted', () => {
  const failed = (attempts: number, elapsedSeconds = 0, retryAfterSeconds: number | null = null) => ({
    attempts,
    elapsedSeconds,
    retryAfterSeconds,
  })
  const least = () => 0
  const most = () => 1 - Number.EPSILON

  test('is tried seven times by the schedule of Standard Webhooks', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((attempts) => nextAttemptDelaySeconds(failed(attempts), least))
    expect(delays).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, null])
  })

  test('may come up to a fifth later, so that those which failed together do not come together', () => {
    expect(nextAttemptDelaySeconds(failed(1), most)).toBe(6)
    expect(nextAttemptDelaySeconds(failed(6), most)).toBe(43_200)
    expect(nextAttemptDelaySeconds(failed(2), () => 0.5)).toBe(330)
  })

  test('waits as long as the receiver asks, when that is longer than planned', () => {
    expect(nextAttemptDelaySeconds(failed(1, 0, 3_600), least)).toBe(3_600)
    expect(nextAttemptDelaySeconds(failed(1, 0, 3_600), most)).toBe(4_320)
    expect(nextAttemptDelaySeconds(failed(2, 0, 1), least)).toBe(300)
  })

  test('is tried a last time at the end of its day, and given up after it', () => {
    expect(nextAttemptDelaySeconds(failed(1, 80_000, 86_400), least)).toBe(6_400)
    expect(nextAttemptDelaySeconds(failed(5, 86_399.5), least)).toBe(null)
    expect(nextAttemptDelaySeconds(failed(5, 90_000), least)).toBe(null)
  })

  test('lives a day at most, whatever chance and its receiver say', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const wish = fc.option(fc.integer({ min: 0, max: 1_000_000 }))
    fc.assert(
      fc.property(fc.array(fc.tuple(chance, wish), { minLength: 20, maxLength: 20 }), (failures) => {
        let elapsed = 0
        const delays = failures.map(([random, retryAfter], index) => {
          const delay = nextAttemptDelaySeconds(failed(index + 1, elapsed, retryAfter), () => random)
          elapsed += delay ?? 0
          return delay
        })
        expect(elapsed).toBeLessThanOrEqual(86_400)
        expect(delays.every((delay) => delay === null || (Number.isInteger(delay) && delay > 0))).toBe(true)
        expect(delays.filter((delay) => delay !== null).length).toBeLessThanOrEqual(6)
      }),
    )
  })
})

describe('a webhook', () => {
  test.each<[isOff: boolean, lastFirst: readonly DeliveryEnd[]]>([
    [false, []],
    [false, ['delivered']],
    [false, Array(4).fill('given-up')],
    [true, Array(5).fill('given-up')],
    [false, ['delivered', ...Array(5).fill('given-up')]],
    [false, [...Array(4).fill('given-up'), 'delivered', 'given-up']],
    [true, [...Array(5).fill('given-up'), 'delivered']],
    [true, ['gone', 'delivered', 'delivered']],
    [true, ['gone']],
    [false, ['delivered', 'gone']],
    [false, ['given-up', 'gone']],
    [true, ['given-up', 'given-up', 'given-up', 'given-up', 'gone']],
  ])('is switched off: %s, after %j', (isOff, ends) => {
    expect(isDisabling(ends)).toBe(isOff)
  })
})
