import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearer, exchange } from '../http/whole-app.ts'
import { KINDS, MUXED } from '../support/audio/muxed.ts'
import { oggOpus, oggPage } from '../support/audio/ogg.ts'
import { find, patched } from '../support/audio/verdict.ts'
import { wav } from '../support/audio/wav.ts'
import { zip } from '../support/audio/zip.ts'
import { at } from '../support/test-app.ts'
import type { Learner } from '../support/tutored.ts'
import { startVoiced, type Voiced } from '../support/voiced.ts'

let app: Voiced
let ada: Learner

beforeAll(async () => {
  app = await startVoiced({ config: { corsOrigins: [] } })
  ada = await app.learner()
})
afterAll(() => app[Symbol.asyncDispose]())

describe('a recording', () => {
  test.each(KINDS)('is taken as %s, by what it holds', async (kind) => {
    const audio = await MUXED[kind](1)
    const id = await app.said(ada, audio)
    expect(await app.ended(ada, id)).toMatchObject({ userMessage: { answered: true }, speech: { bytes: 298 } })
    const heard = app.voice.heard.find((each) => each.audio.equals(audio))
    expect(heard?.format).toBe(kind.split(' ')[0])
  })

  test('is taken up to a minute, and up to 5 MB', async () => {
    await app.said(ada, await MUXED.OGG(60))
    await app.said(ada, wav(60))
    const large = wav(327.677)
    large.writeUInt32LE(44_000, 24)
    expect(large.length).toBe(5 * 1024 * 1024 - 4)
    await app.said(ada, large)
  })

  const NOT_AUDIO =
    'audio must be a recording in Ogg (Opus or Vorbis), MP3, M4A (AAC), WAV (PCM) or WebM (Opus or Vorbis).'
  const CUT_OFF = 'audio is cut off: its end is missing. Record or upload it again.'
  const VIDEO = 'audio must hold sound only; it has a video track.'

  test.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
    ['is empty', () => Buffer.alloc(0), 'audio must not be empty.'],
    ['is one byte', () => Buffer.from('O'), CUT_OFF],
    ['is cut off', () => wav(1).subarray(0, 9_000), CUT_OFF],
    ['is cut off, as Ogg', async () => (await MUXED.OGG(1)).subarray(0, -1), CUT_OFF],
    ['is a text', () => Buffer.from('Ahoj! '.repeat(500)), NOT_AUDIO],
    ['is a picture', () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(5_000)]), NOT_AUDIO],
    ['is a zip bomb in disguise', () => zip('recording.ogg', Buffer.alloc(50_000_000)), NOT_AUDIO],
    ['is a minute and a tenth of a second', () => wav(60.1), 'audio must not be longer than 60 seconds.'],
    ['is as long in Ogg', () => MUXED.OGG(60.1), 'audio must not be longer than 60 seconds.'],
    ['has no sound', () => wav(0), 'audio holds no sound.'],
    ['is a film, as MP4', async () => film(await MUXED.MP4(1)), VIDEO],
    ['is a film, as Ogg', () => Buffer.concat([theora(), oggOpus(50)]), VIDEO],
  ])('is refused, and nothing is asked or kept, when it %s', async (_, audio, message) => {
    const heard = app.voice.heard.length
    const answer = await app.say(ada, await audio())
    expect(answer).toMatchObject({ data: { sendVoiceMessage: null } })
    expect(answer.errors?.map((error) => [error.message, error.path, error.extensions])).toEqual([
      [message, ['sendVoiceMessage'], { code: 'BAD_USER_INPUT', field: 'audio' }],
    ])
    expect(app.voice.heard).toHaveLength(heard)
  })

  test('is refused when it is larger than 5 MB, before anything is asked', async () => {
    const answer = await app.say(ada, Buffer.alloc(5 * 1024 * 1024 + 1))
    expect(answer.errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
      ['audio must not be larger than 5 MB.', { code: 'PAYLOAD_TOO_LARGE', field: 'audio' }],
    ])
  })

  test('is refused with the name of what is wrong besides it', async () => {
    const field = async (input: Record<string, unknown>) => (await app.say(ada, wav(1), input)).errors?.[0]?.extensions
    expect(await field({ idempotencyKey: '' })).toEqual({ code: 'BAD_USER_INPUT', field: 'idempotencyKey' })
    expect(await field({ idempotencyKey: 'x'.repeat(129) })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'idempotencyKey',
    })
    expect(await field({ userId: 'x' })).toEqual({ code: 'NOT_FOUND' })
    expect(await field({ text: 'Ahoj!' })).toEqual({ code: 'BAD_USER_INPUT', field: 'input' })
  })

  test('is written down in the log without itself and without its words', () => {
    const lines = JSON.stringify(app.lines)
    expect(app.lines.filter(({ msg }) => msg === 'fault' || msg === 'work')).toEqual([])
    for (const said of ['RIFF', 'OggS', 'Byl jsem', 'Slyším']) expect(lines).not.toContain(said)
  })
})

/** A file whose track of sound says that it is one of pictures. */
const film = (mp4: Uint8Array) => patched(mp4, find(mp4, 'soun'), ...Buffer.from('vide'))

const theora = () =>
  oggPage({ packets: [Buffer.from('\x80theora\x03\x02\x01', 'latin1')], granule: 0, isFirst: true, serial: 8 })

describe('what a message sounds like', () => {
  const MESSAGES = '{ me { messages { edges { node { id role speech { url expiresAt contentType bytes } } } } } }'

  test('stands at the tutor’s messages that were spoken, and nowhere else', async () => {
    const eva = await app.learner()
    const { speech, result } = await app.ended(eva, await app.said(eva))
    await eva.ask('mutation { sendMessage(input: { text: "Co je to?" }) { starsEarned } }')
    const own = {
      url: expect.stringMatching(
        new RegExp(`^/audio/${result?.assistantMessage.id}\\?expires=\\d+&signature=[\\w-]{43}$`),
      ),
      expiresAt: '2026-11-23T08:45:00.000Z',
      contentType: 'audio/mpeg',
      bytes: 298,
    }
    expect(speech).toEqual(own)
    expect(at(await eva.ask(MESSAGES), 'data', 'me', 'messages', 'edges')).toMatchObject([
      { node: { role: 'ASSISTANT', speech: null } },
      { node: { role: 'USER', speech: null } },
      { node: { role: 'ASSISTANT', id: result?.assistantMessage.id, speech: own } },
      { node: { role: 'USER', speech: null } },
    ])
  })

  test('can be heard by its link, and what it says of itself is so', async () => {
    const eva = await app.learner()
    const { speech } = await app.ended(eva, await app.said(eva))
    const heard = await fetch(`${app.url}${speech?.url}`)
    expect([heard.status, heard.headers.get('content-type')]).toEqual([200, speech?.contentType])
    expect((await heard.arrayBuffer()).byteLength).toBe(speech?.bytes)
  })

  test('is seen by staff with a link that is as good, and by no other learner', async () => {
    const [eva, bob] = [await app.learner(), await app.learner()]
    const id = await app.said(eva)
    await app.ended(eva, id)
    const query = `{ job(id: "${id}") { speech { url } } }`
    const url = at(await app.asStaff(query), 'data', 'job', 'speech', 'url')
    expect((await fetch(`${app.url}${url}`)).status).toBe(200)
    const refused = await bob.ask(query)
    expect([refused.data, refused.errors?.[0]?.extensions.code]).toEqual([{ job: null }, 'NOT_FOUND'])
    const others = `{ user(id: ${eva.id}) { messages { edges { node { speech { url } } } } } }`
    expect((await bob.ask(others)).errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })

  test('is asked for anew each time: no answer with it is kept, as its link ends', async () => {
    const eva = await app.learner()
    await app.ended(eva, await app.said(eva))
    const ask = async (query: string) => (await exchange(app, { headers: bearer(eva.token), body: { query } })).cache
    const plain = '{ me { messages { edges { node { id } } } } }'
    await ask(plain)
    expect(await ask(plain)).toBe('HIT')
    for (let time = 0; time < 3; time += 1) expect(await ask(MESSAGES)).not.toBe('HIT')
    const links = new Set<unknown>()
    for (let time = 0; time < 2; time += 1) {
      links.add(at(await eva.ask(MESSAGES), 'data', 'me', 'messages', 'edges', 0, 'node', 'speech', 'url'))
      app.pass({ minutes: 1 })
    }
    expect(links.size).toBe(2)
  })

  test('is not kept either where nothing is spoken yet, so that it is there as soon as it is', async () => {
    const own = await startVoiced()
    const { promise, resolve } = Promise.withResolvers<void>()
    own.voice.speakBy(() => promise)
    const eva = await own.learner()
    const id = await own.said(eva)
    const speechOf = async () => at(await eva.ask(MESSAGES), 'data', 'me', 'messages', 'edges', 0, 'node', 'speech')
    await expect.poll(async () => (await own.job(eva, id)).stage).toBe('SPEAK')
    expect([await speechOf(), await speechOf()]).toEqual([null, null])
    resolve()
    await own.ended(eva, id)
    expect(await speechOf()).toMatchObject({ bytes: 298 })
    await own[Symbol.asyncDispose]()
  })
})
