import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wav } from '../support/audio/wav.ts'
import { eventually } from '../support/eventually.ts'
import { type Form, file, formOf, map, operations, type Part } from '../support/multipart.ts'
import { at, type GraphQLAnswer } from '../support/test-app.ts'
import type { Learner } from '../support/tutored.ts'
import { SAY, startVoiced, type Voiced } from '../support/voiced.ts'
import { bearer, exchange } from './whole-app.ts'

/*
 * Operations with files: github.com/jaydenseric/graphql-multipart-request-spec.
 */

let app: Voiced
let ada: Learner

beforeAll(async () => {
  app = await startVoiced()
  ada = await app.learner()
})
afterAll(() => app[Symbol.asyncDispose]())

/** Sends a form as the learner. */
async function send(form: Form, headers: Readonly<Record<string, string>> = {}) {
  const { status, text } = await exchange(app, {
    headers: { ...bearer(ada.token), ...form.headers, ...headers },
    body: form.body,
  })
  return { status, text, answer: JSON.parse(text) as GraphQLAnswer }
}

const PLACE = 'variables.input.audio'
const saying = operations({ query: SAY, variables: { input: { audio: null } } })
const placed = map({ 0: [PLACE] })
const recording = file(wav(1))
const queued = { data: { sendVoiceMessage: expect.objectContaining({ status: 'QUEUED', stage: 'TRANSCRIBE' }) } }

describe('a file', () => {
  test('comes by what browsers have for forms', async () => {
    const form = new FormData()
    form.set('operations', JSON.stringify({ query: SAY, variables: { input: { audio: null } } }))
    form.set('map', JSON.stringify({ 0: [PLACE] }))
    form.set('0', new Blob([new Uint8Array(wav(1))], { type: 'audio/wav' }), 'recording.wav')
    const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers: bearer(ada.token), body: form })
    expect([answer.status, await answer.json()]).toEqual([200, queued])
  })

  test('comes whole, with every byte that there is, whatever it is called', async () => {
    const audio = wav(1)
    for (let byte = 0; byte < 256; byte += 1) audio[100 + byte] = byte
    audio.write('\r\n--\r\n\r\n------------------------------d7449', 400, 'latin1')
    const part = { name: 'soubor s nahrávkou', content: audio, fileName: '../../etc/passwd', type: 'text/html' }
    expect(await send(formOf(saying, map({ 'soubor s nahrávkou': [PLACE] }), part))).toMatchObject({ answer: queued })
    await eventually(() => expect(app.voice.heard.some((heard) => heard.audio.equals(audio))).toBe(true))
  })

  test('may stand in any variable', async () => {
    const query = 'mutation ($audio: Upload!) { sendVoiceMessage(input: { audio: $audio }) { status stage } }'
    const form = formOf(operations({ query, variables: { audio: null } }), map({ 0: ['variables.audio'] }), recording)
    expect(await send(form)).toMatchObject({ answer: queued })
  })

  test('comes after operations and map, whichever of these is first, also where they say that they are JSON', async () => {
    expect(await send(formOf(placed, saying, recording))).toMatchObject({ answer: queued })
    const said = [saying, placed].map((part): Part => ({ ...part, type: 'application/json; charset=utf-8' }))
    expect(await send(formOf(...said, recording))).toMatchObject({ answer: queued })
  })
})

test('an operation without a file may come as a form as well', async () => {
  const query = operations({ query: 'query ($id: ID!) { user(id: $id) { id } }', variables: { id: ada.id } })
  const own = { data: { user: { id: String(ada.id) } } }
  expect(await send(formOf(query, map({})))).toMatchObject({ status: 200, answer: own })
  expect(await send(formOf(query))).toMatchObject({ status: 200, answer: own })
})

test('a form that came with no token is a matter of signing in', async () => {
  const { status, text } = await exchange(app, formOf(saying, placed, recording))
  expect([status, at(JSON.parse(text), 'errors', 0, 'extensions')]).toEqual([401, { code: 'UNAUTHENTICATED' }])
})

const mapped = (content: Part['content']) => formOf(saying, map(content), recording)
const asking = (content: Part['content'], place = PLACE) => formOf(operations(content), map({ 0: [place] }), recording)
const LARGE = 'x'.repeat(300_000)

describe('a form that is not as it should be', () => {
  test.each<[string, Form, string, string]>([
    ['has its file first', formOf(recording, saying, placed), 'operations', 'operations must come before the files.'],
    ['has its map last', formOf(saying, recording, placed), 'map', 'map must come before the files.'],
    ['has no map', formOf(saying, recording), 'map', 'map must come before the files.'],
    ['has no operations', formOf(placed, recording), 'operations', 'operations must come before the files.'],
    ['has nothing but a map', formOf(placed), 'operations', 'operations must be there.'],
    ['has nothing at all', formOf(), 'operations', 'operations must be there.'],
    ['is empty', { ...formOf(), body: Buffer.alloc(0) }, 'operations', 'operations must be there.'],
    ['has a file for operations', formOf({ ...recording, name: 'operations' }), 'operations', 'must come before'],
    ['lacks a file of its map', formOf(saying, placed), 'map', 'map names the file 0, which is not there.'],
    [
      'has a file of its own',
      formOf(saying, placed, file(wav(1), '1')),
      'map',
      'does not say where the file 1 belongs.',
    ],
    ['has more files', formOf(saying, placed, recording, file(wav(1), '1')), 'map', 'there are too many parts.'],
    ['has its file twice', formOf(saying, placed, recording, recording), 'map', 'there are too many parts.'],
    [
      'has more fields',
      formOf(saying, { name: 'x', content: 'y' }),
      'map',
      'must be the only field besides operations.',
    ],
    ['has more fields behind', formOf(saying, placed, recording, { name: 'x', content: '' }), 'map', 'too many parts.'],
    ['has a text for its file', formOf(saying, { name: '0', content: 'x' }), 'map', 'must be the only field besides'],
    ['has a map of no JSON', mapped('0=x'), 'map', 'map must be a JSON object.'],
    ['has a list for a map', mapped([PLACE]), 'map', 'map must be a JSON object.'],
    ['has null for a map', mapped('null'), 'map', 'map must be a JSON object.'],
    ['puts a file in two places', mapped({ 0: [PLACE, 'variables.a'] }), 'map', 'map must give each file one place.'],
    ['puts a file nowhere', mapped({ 0: [] }), 'map', 'map must give each file one place.'],
    ['puts a file in a text', mapped({ 0: PLACE }), 'map', 'map must give each file one place.'],
    ['puts a file in a number', mapped({ 0: [0] }), 'map', 'map must give each file one place.'],
    ['puts a file for the query', asking({ query: null }, 'query'), 'map', 'is not in the variables: query.'],
    [
      'puts a file for all variables',
      asking({ variables: null }, 'variables'),
      'map',
      'not in the variables: variables.',
    ],
    ['puts a file beyond a value', mapped({ 0: [`${PLACE}.x`] }), 'map', `is not in the variables: ${PLACE}.x.`],
    ['puts a file for a value', asking({ variables: { input: { audio: '' } } }), 'map', `is not null: ${PLACE}.`],
    ['puts a file where nothing is', asking({ variables: { input: {} } }), 'map', `is not in the variables: ${PLACE}.`],
    ['has operations of no JSON', asking('{"query":'), 'operations', 'operations must be a JSON object.'],
    ['has several operations', asking([{ query: SAY }]), 'operations', 'operations must be a JSON object.'],
    ['breaks its own word', formOf({ ...saying, content: '{', type: 'application/json' }), 'body', 'must have JSON in'],
  ])('is refused when it %s', async (_, form, field, message) => {
    const { status, answer } = await send(form)
    expect(status).toBe(400)
    expect(answer.errors).toHaveLength(1)
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field })
    expect(answer.errors?.[0]?.message).toContain(message)
  })

  test.each([
    ['variables.__proto__.polluted', { variables: {} }],
    ['variables.constructor.prototype.polluted', { variables: {} }],
    ['variables.toString', { variables: {} }],
    ['__proto__.polluted', {}],
    ['variables.input.__proto__', { variables: { input: {} } }],
    ['variables.__proto__.__proto__', { variables: {} }],
    ['variables.__proto__.polluted', '{"query":"{ me { id } }","variables":{"__proto__":{"polluted":null}}}'],
  ])('changes nothing but itself by a place like %s', async (place, content) => {
    const { status, answer } = await send(asking(content, place))
    // What is called so by the request itself is a name like any other.
    if (typeof content !== 'string')
      expect([status, answer.errors?.[0]?.extensions]).toEqual([400, { code: 'BAD_USER_INPUT', field: 'map' }])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(Object.prototype.toString.call({})).toBe('[object Object]')
  })

  test.each(['__proto__', 'constructor', 'toString'])('is refused for a file or field called %s', async (name) => {
    const refused = { status: 400, answer: { errors: [{ message: 'map must not use names of that kind.' }] } }
    expect(await send(formOf(saying, placed, file(wav(1), name)))).toMatchObject(refused)
    expect(await send(formOf(saying, placed, { name, content: '' }))).toMatchObject({ status: 400 })
  })

  test('is refused for its size, naming what is too large', async () => {
    const large = (form: Form) =>
      send(form).then(({ status, answer }) => [status, answer.errors?.[0]?.extensions.field])
    expect(await large(formOf(operations({ query: LARGE }), placed, recording))).toEqual([413, 'operations'])
    expect(await large(formOf(saying, map({ [LARGE]: [] }), recording))).toEqual([413, 'map'])
    const tooMuch = Buffer.alloc(5 * 1024 * 1024 + 1)
    expect(await large(formOf(saying, placed, file(tooMuch)))).toEqual([413, 'audio'])
    const query = 'mutation ($sound: Upload!) { sendVoiceMessage(input: { audio: $sound }) { id } }'
    const renamed = operations({ query, variables: { sound: null } })
    const { status, answer } = await send(formOf(renamed, map({ 0: ['variables.sound'] }), file(tooMuch)))
    expect([status, answer.errors]).toEqual([
      413,
      [{ message: 'sound must not be larger than 5 MB.', extensions: { code: 'PAYLOAD_TOO_LARGE', field: 'sound' } }],
    ])
  })

  test('is told so in few words, whatever names it has', async () => {
    const name = 'x'.repeat(200_000)
    for (const form of [
      formOf(saying, map({ [name]: [PLACE] })),
      mapped({ 0: [name] }),
      asking({ variables: { [name]: 7 } }, `variables.${name}`),
      formOf(saying, map({ 0: [`variables.${name}`] }), file(Buffer.alloc(5 * 1024 * 1024 + 1))),
    ]) {
      const { status, text } = await send(form)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(text.length).toBeLessThan(500)
    }
  })

  test('is told that it has no boundary', async () => {
    const { status, answer } = await send(formOf(saying), { 'content-type': 'multipart/form-data' })
    expect([status, answer.errors?.[0]]).toEqual([
      400,
      {
        message: 'content-type must be multipart/form-data with a boundary.',
        extensions: { code: 'BAD_USER_INPUT', field: 'content-type' },
      },
    ])
  })
})

describe('what is no file', () => {
  const NO_FILE = /must be a file: send the operation as multipart\/form-data/

  test.each<[string, unknown]>([
    ['a text', 'UklGRg=='],
    ['an object like one', { bytes: { type: 'Buffer', data: [82] } }],
    ['a number', 7],
  ])('is refused in a variable, as %s', async (_, audio) => {
    const answer = await app.ask(SAY, { input: { audio } }, ada.token)
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'audio' })
    expect(answer.errors?.[0]?.message).toMatch(NO_FILE)
  })

  test('is refused in a document', async () => {
    const answer = await app.ask('mutation { sendVoiceMessage(input: { audio: "x" }) { id } }', {}, ada.token)
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED', field: 'audio' })
    expect(answer.errors?.[0]?.message).toMatch(NO_FILE)
  })
})

test('a file where another value belongs is named, and nothing of it is told', async () => {
  const secret = Buffer.alloc(5 * 1024 * 1024, 'Moje heslo je Žluťoučký kůň. ')
  const query = 'query ($id: ID!) { user(id: $id) { id } }'
  for (const form of [
    formOf(operations({ query, variables: { id: null } }), map({ 0: ['variables.id'] }), file(secret)),
    formOf(operations({ query: '{ me { id } }', variables: { x: null } }), map({ 0: ['variables.x'] }), file(secret)),
    formOf(saying, placed, file(secret)),
  ]) {
    const { text } = await send(form)
    expect(text.length).toBeLessThan(600)
    expect(text).not.toContain('heslo')
  }
  const { answer } = await send(
    formOf(operations({ query, variables: { id: null } }), map({ 0: ['variables.id'] }), file(secret)),
  )
  expect(answer.errors?.[0]).toMatchObject({
    message: 'Variable "$id" got invalid value (a file); ID cannot represent value: (a file)',
    extensions: { code: 'BAD_USER_INPUT', field: 'id' },
  })
  expect(JSON.stringify(app.lines)).not.toContain('heslo')
})

describe('a subscription in a form', () => {
  const following = formOf(operations({ query: 'subscription { jobUpdated(id: "x") { id } }' }))

  test('is refused, and told how it is asked', async () => {
    const { answer } = await send(following)
    expect(answer.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(answer.errors?.[0]?.message).toContain('text/event-stream')
  })

  test('is refused where it is asked for as a stream, too', async () => {
    const { status, answer } = await send(following, { accept: 'text/event-stream' })
    expect([status, answer.errors?.[0]]).toEqual([
      400,
      {
        message: 'content-type must be application/json for what is streamed.',
        extensions: { code: 'BAD_USER_INPUT', field: 'content-type' },
      },
    ])
  })
})
