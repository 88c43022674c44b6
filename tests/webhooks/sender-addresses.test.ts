import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebhookSender } from '../../src/webhooks/sender.ts'
import { makeCertificates } from '../support/certificates.ts'
import { deliveryTo, senderTo } from '../support/webhook-deliveries.ts'
import { startReceiver } from '../support/webhook-receiver.ts'

const certificates = makeCertificates()
afterAll(() => certificates[Symbol.dispose]())
const ca = certificates.authority

const start = (place: { host?: string; port?: number } = {}) =>
  startReceiver({ certificates, ...place }, (_request, response) => void response.end())

/** Two receivers on the same port of two addresses; of the two, only the first may be called. */
async function startPermittedAndForbidden() {
  const permitted = await start({ host: '127.0.0.1' })
  const forbidden = await start({ host: '127.0.0.2', port: permitted.port })
  const url = `https://localhost:${permitted.port}/`
  return {
    permitted,
    forbidden,
    send: (lookup: () => Promise<readonly string[]>) =>
      senderTo({ allowPrivate: false, isPermitted: (it) => it === '127.0.0.1', ca, lookup }).send(deliveryTo(url)),
    async [Symbol.asyncDispose]() {
      await forbidden[Symbol.asyncDispose]()
      await permitted[Symbol.asyncDispose]()
    },
  }
}

const ADDRESS_REFUSED = { kind: 'failed', reason: 'address', milliseconds: 0 }
const delivered = { kind: 'delivered', status: 200, milliseconds: 0 }

/** A sender as in production, whose DNS gives the addresses in turn. */
function senderWith(...answers: readonly (readonly string[])[]) {
  const asked: string[] = []
  const lookup = async (name: string) => answers[asked.push(name) - 1] ?? []
  return { asked, sender: createWebhookSender({ allowPrivate: false, now: () => 0, lookup }) }
}

describe('a name that leads into our own network', () => {
  test.each([
    ['127.0.0.1'],
    ['::1'],
    ['169.254.169.254'],
    ['10.0.0.1'],
    ['::ffff:10.0.0.1'],
    ['64:ff9b::a00:1'],
    ['fd00:ec2::254'],
    ['0.0.0.0'],
    ['not an address'],
  ])('is not connected to: %s', async (address) => {
    const { sender, asked } = senderWith([address])
    expect(await sender.send(deliveryTo('https://hooks.example.com/'))).toEqual(ADDRESS_REFUSED)
    expect(asked).toEqual(['hooks.example.com'])
  })

  test('is not connected to with all of several addresses', async () => {
    const { sender } = senderWith(['10.0.0.1', '192.168.0.1', 'fe80::1'])
    expect(await sender.send(deliveryTo('https://hooks.example.com/'))).toEqual(ADDRESS_REFUSED)
  })

  test('is looked up once, so that a second answer cannot lead elsewhere', async () => {
    await using world = await startPermittedAndForbidden()
    let asked = 0
    const lookup = async () => [asked++ === 0 ? '127.0.0.1' : '127.0.0.2']
    expect(await world.send(lookup)).toEqual(delivered)
    expect([asked, world.permitted.received.length, world.forbidden.connections()]).toEqual([1, 1, 0])
  })

  test('is judged anew for each delivery', async () => {
    await using world = await startPermittedAndForbidden()
    let asked = 0
    const lookup = async () => [asked++ === 0 ? '127.0.0.1' : '127.0.0.2']
    await world.send(lookup)
    expect(await world.send(lookup)).toEqual(ADDRESS_REFUSED)
    expect([asked, world.permitted.received.length, world.forbidden.connections()]).toEqual([2, 1, 0])
  })

  test.each([[['127.0.0.1', '127.0.0.2']], [['127.0.0.2', '127.0.0.1']], [['127.0.0.2', '::1', '127.0.0.1']]])(
    'is connected to only where it leads elsewhere as well: %j',
    async (addresses) => {
      await using world = await startPermittedAndForbidden()
      expect(await world.send(async () => addresses)).toEqual(delivered)
      expect([world.permitted.received.length, world.forbidden.connections()]).toEqual([1, 0])
    },
  )

  test('is not connected to instead of an address at which nobody listens', async () => {
    await using world = await startPermittedAndForbidden()
    await world.permitted[Symbol.asyncDispose]()
    const attempt = await world.send(async () => ['127.0.0.1', '127.0.0.2'])
    expect(attempt).toEqual({ kind: 'failed', reason: 'connection', milliseconds: 0 })
    expect(world.forbidden.connections()).toBe(0)
  })
})

test('a name with several good addresses is tried at each until somebody listens', async () => {
  await using receiver = await start({ host: '127.0.0.3' })
  const sender = senderTo({ ca, lookup: async () => ['127.0.0.1', '::1', '127.0.0.3'] })
  expect(await sender.send(deliveryTo(`https://localhost:${receiver.port}/`))).toEqual(delivered)
})

describe('an address in the URL itself', () => {
  /** Any number that a URL may write a part of an IPv4 address as. */
  const part = (value: number) =>
    fc.constantFrom(String(value), `0${value.toString(8)}`, `0x${value.toString(16)}`, `0X00${value.toString(16)}`)
  const dotted = (...values: readonly number[]) => fc.tuple(...values.map(part)).map((parts) => parts.join('.'))
  const v4 = fc.oneof(dotted(127, 0, 0, 1), dotted(127, 0, 1), dotted(127, 1), dotted(2_130_706_433))
  const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
  const escaped = (text: string) => text.replace(/\d/g, (digit) => `%3${digit}`)
  const disguise = fc.constantFrom(
    (text: string) => text,
    wide,
    escaped,
    (text: string) => `${text}.`,
    (text: string) => text.replaceAll('.', '。'),
  )
  const v6 = fc.constantFrom(
    ...['::1', '0:0:0:0:0:0:0:1', '::0001', '::127.0.0.1', '::ffff:127.0.0.1', '::FFFF:7f00:1', '0::ffff:7F00:0001'],
    ...['::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::7f00:1', '2002:7f00:1::'],
  )
  const host = fc.oneof(
    fc.tuple(v4, disguise).map(([text, disguised]) => disguised(text)),
    v6.map((text) => `[${text}]`),
  )

  test('is never this machine, however that is written, and no name to look up either', async () => {
    const { sender, asked } = senderWith()
    await fc.assert(
      fc.asyncProperty(host, fc.constantFrom('', ':443', ':8080'), async (written, port) => {
        expect(await sender.send(deliveryTo(`https://${written}${port}/`))).toEqual(ADDRESS_REFUSED)
      }),
      { numRuns: 500 },
    )
    expect(asked).toEqual([])
  })

  test.each(['https://169.254.169.254/', 'https://10.0.0.1/', 'https://[fd00:ec2::254]/', 'https://[fe80::1]/'])(
    'is not called in our own network: %s',
    async (url) => {
      expect(await senderWith().sender.send(deliveryTo(url))).toEqual(ADDRESS_REFUSED)
    },
  )

  test('is called where it is permitted, and its certificate has to name it', async () => {
    await using receiver = await start()
    const sender = senderTo({ ca, allowPrivate: false, isPermitted: (it) => it === '127.0.0.1' })
    expect(await sender.send(deliveryTo(`https://2130706433:${receiver.port}/`))).toEqual(delivered)
    await using unnamed = await start({ host: '127.0.0.2' })
    const attempt = await senderTo({ ca }).send(deliveryTo(`https://127.0.0.2:${unnamed.port}/`))
    expect(attempt).toEqual({ kind: 'failed', reason: 'tls', milliseconds: 0 })
  })
})

test.each([
  'http://hooks.example.com/',
  'https://jan:heslo@hooks.example.com/',
  'https://hooks.example.com:0/',
  'nonsense',
  '',
])('a URL that could not be registered is not called either: %j', async (url) => {
  const { sender, asked } = senderWith(['1.1.1.1'])
  expect(await sender.send(deliveryTo(url))).toEqual(ADDRESS_REFUSED)
  expect(asked).toEqual([])
})
