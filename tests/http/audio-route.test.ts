import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { soundOf } from '../support/memory-voice.ts'
import type { Learner } from '../support/tutored.ts'
import { startVoiced, type Voiced } from '../support/voiced.ts'
import { bearer, exchange, type Received } from './whole-app.ts'

let app: Voiced
let ada: Learner
let bob: Learner
/** What the tutor has said to Ada. */
let id: string
let audio: Buffer
let link: string

beforeAll(async () => {
  app = await startVoiced({ config: { corsOrigins: ['https://app.example.com'] } })
  ada = await app.learner()
  bob = await app.learner()
  const { result, speech } = await app.ended(ada, await app.said(ada))
  id = result?.assistantMessage.id ?? ''
  audio = soundOf({ text: result?.assistantMessage.text ?? '' })
  link = speech?.url ?? ''
})
afterAll(() => app[Symbol.asyncDispose]())

const get = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  exchange(app, { method, path, headers })
const asAda = () => bearer(ada.token)
const own = (headers: Readonly<Record<string, string>> = {}) => get(`/audio/${id}`, { ...asAda(), ...headers })
const codeOf = ({ status, text }: Received) => [status, JSON.parse(text).errors[0].extensions.code]

describe('what a message sounds like is heard', () => {
  test('by the learner whose message it is, and by staff', async () => {
    for (const token of [ada.token, await app.tokenOf('staff', 999_999), await app.tokenOf('admin', 999_999)]) {
      const heard = await get(`/audio/${id}`, bearer(token))
      expect(heard.status).toBe(200)
      expect(heard.bytes.equals(audio)).toBe(true)
    }
  })

  test('by whoever has a link', async () => {
    const heard = await get(link)
    expect(heard.status).toBe(200)
    expect(heard.bytes.equals(audio)).toBe(true)
  })

  test('by no other learner, who cannot tell whether there is anything, and by nobody else', async () => {
    const another = await get(`/audio/${id}`, bearer(bob.token))
    expect(codeOf(another)).toEqual([404, 'NOT_FOUND'])
    const none = await get('/audio/999999', bearer(bob.token))
    expect([none.status, none.text]).toEqual([another.status, another.text])
    for (const path of [`/audio/${id}`, '/audio/999999', '/audio/x'])
      expect(codeOf(await get(path))).toEqual([401, 'UNAUTHENTICATED'])
    expect(codeOf(await get(`/audio/${id}`, { authorization: 'Bearer x.y.z' }))).toEqual([401, 'UNAUTHENTICATED'])
  })

  test('by nobody with a link that is not good, who is told so, but by those who need none', async () => {
    const altered = link.replace(/expires=\d/, 'expires=9')
    const forAnother = link.replace(`/audio/${id}`, '/audio/1')
    for (const bad of [altered, forAnother, `${link}x`, `/audio/${id}?signature=`, link.replace(/expires=\d+&/, '')]) {
      const refused = await get(bad)
      expect(codeOf(refused)).toEqual([401, 'UNAUTHENTICATED'])
      expect(refused.text).toContain('The link has ended, or was never one of ours.')
    }
    expect((await get(altered, asAda())).status).toBe(200)
    expect((await get(altered, bearer(bob.token))).status).toBe(404)
    expect((await get(link, bearer(bob.token))).status).toBe(200)
  })

  test('only of messages that were spoken', async () => {
    const question = Number(id) - 1
    for (const path of [`/audio/${question}`, '/audio/0', '/audio/-1', '/audio/1e3', '/audio/x', '/audio/%00'])
      expect(codeOf(await get(path, asAda()))).toEqual([404, 'NOT_FOUND'])
  })
})

describe('the answer', () => {
  test('says what it is, and that it is nobody else’s', async () => {
    const { headers } = await own()
    expect(headers).toMatchObject({
      'content-type': 'audio/mpeg',
      'content-length': `${audio.length}`,
      'content-disposition': `inline; filename="message-${id}.mp3"`,
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=3600',
      vary: 'Authorization, Origin',
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    })
  })

  test('to HEAD says the same, without the sound', async () => {
    const [whole, head] = [await own(), await get(`/audio/${id}`, asAda(), 'HEAD')]
    expect([head.status, head.bytes.length]).toEqual([200, 0])
    for (const name of ['content-type', 'content-length', 'etag', 'accept-ranges', 'cache-control'])
      expect(head.headers[name]).toBe(whole.headers[name])
    // Ranges are of GET only (RFC 9110, 14.2).
    expect((await get(`/audio/${id}`, { ...asAda(), range: 'bytes=0-3' }, 'HEAD')).status).toBe(200)
    expect((await get(`/audio/${id}`, {}, 'HEAD')).status).toBe(401)
  })

  test('is only that nothing has changed, to whoever has it', async () => {
    const { etag = '' } = (await own()).headers
    for (const known of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
      const unchanged = await own({ 'if-none-match': known })
      expect([unchanged.status, unchanged.bytes.length, unchanged.headers['etag']]).toEqual([304, 0, etag])
      expect(unchanged.headers['cache-control']).toBe('private, max-age=3600')
    }
    expect((await own({ 'if-none-match': '"other"' })).status).toBe(200)
    expect((await get(`/audio/${id}`, { 'if-none-match': etag })).status).toBe(401)
    expect((await get(link, { 'if-none-match': etag })).status).toBe(304)
  })

  test('may be read by pages of our own origins only, and tells them how it may be asked for', async () => {
    const ours = await own({ origin: 'https://app.example.com' })
    expect(ours.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-expose-headers': expect.stringMatching(/etag.*content-range.*accept-ranges/),
    })
    const others = await own({ origin: 'https://evil.example.com' })
    expect(others.headers['access-control-allow-origin']).toBeUndefined()
    const preflight = await get(
      `/audio/${id}`,
      {
        origin: 'https://app.example.com',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization, range, if-range',
      },
      'OPTIONS',
    )
    expect(preflight.status).toBe(204)
    for (const name of ['authorization', 'range', 'if-range'])
      expect(preflight.headers['access-control-allow-headers']).toContain(name)
  })
})

describe('a part', () => {
  const last = () => audio.length - 1

  test.each<[string, string, (length: number) => readonly [number, number]]>([
    ['the first byte', 'bytes=0-0', () => [0, 0]],
    ['from the middle', 'bytes=100-199', () => [100, 199]],
    ['to the end', 'bytes=200-', (length) => [200, length - 1]],
    ['all of it', 'bytes=0-', (length) => [0, length - 1]],
    ['as far as it goes', 'bytes=200-99999', (length) => [200, length - 1]],
    ['the last bytes', 'bytes=-10', (length) => [length - 10, length - 1]],
    ['more last bytes than there are', 'bytes=-99999', (length) => [0, length - 1]],
    ['the one of two that there is', 'bytes=0-9,99999-', () => [0, 9]],
    ['with its unit in capitals', 'BYTES=1-2', () => [1, 2]],
  ])('is sent: %s', async (_, range, bounds) => {
    const [start, end] = bounds(audio.length)
    const part = await own({ range })
    expect(part.status).toBe(206)
    expect(part.headers).toMatchObject({
      'content-range': `bytes ${start}-${end}/${audio.length}`,
      'content-length': `${end - start + 1}`,
      'content-type': 'audio/mpeg',
    })
    expect(part.bytes.equals(audio.subarray(start, end + 1))).toBe(true)
  })

  test.each([`bytes=99999-`, 'bytes=-0', 'bytes=99999-100000, 100001-'])(
    'is refused beyond the end: %s',
    async (range) => {
      const { status, headers, bytes } = await own({ range })
      expect([status, headers['content-range'], bytes.length]).toEqual([416, `bytes */${audio.length}`, 0])
      expect(headers['cache-control']).toBe('no-store')
    },
  )

  test.each([
    'bytes=0-1,4-5',
    'bytes=5-2',
    'bytes=',
    'bytes=x-y',
    'bytes',
    'bytes=0-1,x',
    'bytes=x,99999-',
    'seconds=0-1',
    '',
  ])('is the whole where it cannot be one: %s', async (range) => {
    const { status, headers, bytes } = await own({ range })
    expect([status, headers['content-range'], bytes.equals(audio)]).toEqual([200, undefined, true])
  })

  test('that continues what somebody has is one only where that is still the same', async () => {
    const { etag = '' } = (await own()).headers
    const range = `bytes=${last()}-`
    expect((await own({ range, 'if-range': etag })).status).toBe(206)
    for (const other of ['"other"', `W/${etag}`, 'Mon, 23 Nov 2026 08:30:00 GMT'])
      expect((await own({ range, 'if-range': other })).bytes.equals(audio)).toBe(true)
  })

  test('comes by a link as well', async () => {
    expect((await get(link, { range: 'bytes=0-3' })).bytes.equals(audio.subarray(0, 4))).toBe(true)
  })
})

test('other methods have nothing to do here', async () => {
  for (const method of ['PUT', 'DELETE']) expect((await get(`/audio/${id}`, asAda(), method)).status).toBe(404)
})

test('the log has no links', async () => {
  await get(link)
  const lines = app.lines.filter(({ route }) => route === '/audio/:messageId')
  expect(lines.length).toBeGreaterThan(10)
  expect(JSON.stringify(app.lines)).not.toContain('signature')
})

test('a link ends with its time, and what it is of with its learner', async () => {
  await using later = await startVoiced()
  const eva = await later.learner()
  const { speech } = await later.ended(eva, await later.said(eva))
  const { url } = later
  const status = async (headers = {}) =>
    (await exchange({ url }, { method: 'GET', path: speech?.url ?? '', headers })).status
  later.pass({ minutes: 14, seconds: 59 })
  expect(await status()).toBe(200)
  await eva.ask(`mutation { deleteUser(input: { id: ${eva.id} }) { deletedId } }`)
  expect(await status()).toBe(404)
  later.pass({ seconds: 1 })
  expect(await status()).toBe(401)
  expect(await status(bearer(eva.token))).toBe(404)
})
