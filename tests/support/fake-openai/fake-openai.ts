import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerTo } from './teacher.ts'
import type { Trouble } from './trouble.ts'
import {
  HEARD,
  type HeardRequest,
  heardAnswer,
  readHeardRequest,
  type Sound,
  type SpeechRequest,
  soundOf,
  speechAnswer,
} from './voice.ts'
import { type Asked, type Ended, errorOf, eventsOf, speechOf, wholeOf } from './wire.ts'

export interface FakeOptions {
  /** @default any that is free */
  readonly port?: number
  /** Before each answer. @default 0 */
  readonly latencyMs?: number
  /** Characters of a piece of a streamed answer. @default 7 */
  readonly pieceLength?: number
  /** Reads the trouble to play from the learner's text. */
  readonly troubleIn?: (text: string) => Trouble | undefined
}

/** One request as it came. */
export interface FakeRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: Asked & Readonly<Record<string, unknown>>
  readonly ended: Promise<Ended>
  /** Pieces of an answer that drips that were sent so far. */
  readonly dripped: () => number
}

export interface FakeOpenAI extends AsyncDisposable {
  /** Ends with `/v1`. */
  readonly url: string
  /** In the order they came. */
  readonly requests: readonly FakeRequest[]
  /** Requests to hear and to speak, in the order they came. */
  readonly heard: readonly HeardRequest[]
  readonly spoken: readonly SpeechRequest[]
  /** What it hears; may be changed. */
  hears: string | ((audio: Buffer) => string)
  /** Milliseconds before each answer; may be changed. */
  latencyMs: number
  /**
   * Plays a trouble with the next requests, in the order of the calls.
   * @param times how many requests; left out: all that come
   * @param model only those for this model
   */
  play(trouble: Trouble, times?: number, model?: string): void
  /** Forgets what was to be played. */
  calm(): void
}

interface Part {
  readonly trouble: Trouble
  left: number
  readonly model: string | undefined
}

/** A server that speaks like OpenAI's, over HTTP on this machine, and answers, or does not, as it is told. */
export async function startFakeOpenAI(options: FakeOptions = {}): Promise<FakeOpenAI> {
  const requests: FakeRequest[] = []
  const heard: HeardRequest[] = []
  const spoken: SpeechRequest[] = []
  let parts: Part[] = []
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()))
  const fake: FakeOpenAI = {
    url: `http://127.0.0.1:${await portOf(server, options.port ?? 0)}/v1`,
    requests,
    heard,
    spoken,
    hears: HEARD,
    latencyMs: options.latencyMs ?? 0,
    play: (trouble, times = Number.POSITIVE_INFINITY, model = undefined) => parts.push({ trouble, left: times, model }),
    calm: () => {
      parts = []
    },
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return fake

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = request.method === 'POST' ? request.url : undefined
    if (asked === '/v1/audio/transcriptions') return await hear(request, response)
    if (asked === '/v1/audio/speech') return await speak(request, response)
    if (asked !== '/v1/chat/completions') return void response.writeHead(404).end(errorOf('not_found'))
    const ended = endOf(response)
    const body = decoded(await bodyOf(request))
    requests.push({ headers: request.headers, body, ended, dripped: drippedOf(response) })
    const part = parts.find(({ left, model }) => left > 0 && (model ?? body.model) === body.model)
    if (part) part.left -= 1
    const text = learnerText(body)
    await sleep(fake.latencyMs)
    await respond(response, body, text, part?.trouble ?? options.troubleIn?.(text), options.pieceLength ?? 7)
  }

  async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ended = endOf(response)
    const asked = readHeardRequest(request, await bytesOf(request))
    heard.push({ ...asked, headers: request.headers, ended, dripped: drippedOf(response) })
    await sound(response, asked.model, {
      type: 'application/json',
      bytes: Buffer.from(heardAnswer(typeof fake.hears === 'string' ? fake.hears : fake.hears(asked.audio))),
    })
  }

  async function speak(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ended = endOf(response)
    const asked = JSON.parse((await bytesOf(request)).toString()) as SpeechRequest['body']
    spoken.push({ body: asked, headers: request.headers, ended, dripped: drippedOf(response) })
    await sound(response, asked.model, { type: 'audio/mpeg', bytes: speechAnswer(asked) })
  }

  /** Of the troubles, those are played that have nothing to do with lessons. */
  async function sound(response: ServerResponse, model: string, usual: Sound): Promise<void> {
    const part = parts.find((each) => each.left > 0 && (each.model ?? model) === model)
    if (part) part.left -= 1
    await sleep(fake.latencyMs)
    const trouble = part?.trouble
    if (trouble && (await failed(response, trouble))) return
    const { type, bytes } = soundOf(usual, trouble)
    response.writeHead(200, { 'content-type': type })
    await written(response, [bytes], trouble)
  }
}

/** Plays a trouble that begins before an answer; false: it is of another kind. */
async function failed(response: ServerResponse, trouble: Trouble): Promise<boolean> {
  if (trouble.kind === 'hang') return true
  if (trouble.kind === 'late') await sleep(trouble.milliseconds)
  if (trouble.kind === 'reset') {
    closedHere.add(response)
    response.socket?.resetAndDestroy()
  } else if (trouble.kind === 'page') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Wait!</p>')
  } else if (trouble.kind === 'status') {
    const { status, code = `status_${status}`, headers = {}, endless = false } = trouble
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).write(errorOf(code))
    if (!endless) response.end()
  } else return false
  return true
}

async function respond(
  response: ServerResponse,
  asked: Asked,
  text: string,
  trouble: Trouble | undefined,
  pieceLength: number,
): Promise<void> {
  if (trouble && (await failed(response, trouble))) return
  const speech = speechOf(asked, answerTo(text), trouble)
  const pieces = asked.stream === true ? eventsOf(asked, speech, pieceLength) : [wholeOf(asked, speech)]
  if (trouble?.kind === 'stranger') pieces.splice(0, 1, asked.stream === true ? `data: ${STRANGE}\n\n` : STRANGE)
  if (trouble?.kind === 'break')
    pieces.splice(trouble.afterPieces, Number.POSITIVE_INFINITY, `data: ${errorOf(trouble.code ?? 'server_error')}\n\n`)
  response.writeHead(200, { 'content-type': asked.stream === true ? 'text/event-stream' : 'application/json' })
  await written(
    response,
    pieces.map((piece) => Buffer.from(piece)),
    trouble,
  )
}

async function written(
  response: ServerResponse,
  pieces: readonly Buffer[],
  trouble: Trouble | undefined,
): Promise<void> {
  const bytes = Buffer.concat(pieces)
  if (trouble?.kind === 'cut') {
    response.write(bytes.subarray(0, trouble.afterBytes), () => {
      if (trouble.politely) response.end()
      else response.socket?.destroy()
    })
    closedHere.add(response)
  } else if (trouble?.kind === 'drip') {
    const { everyMs, stallAfter = Number.POSITIVE_INFINITY } = trouble
    for (let at = 0; at < bytes.length && !response.destroyed; at += trouble.bytes) {
      if (at / trouble.bytes >= stallAfter) return
      response.write(bytes.subarray(at, at + trouble.bytes))
      dripped.set(response, at / trouble.bytes + 1)
      await sleep(everyMs)
    }
    response.end()
  } else {
    for (const piece of pieces) response.write(piece)
    response.end()
  }
}

const STRANGE = '{"status":"ok"}'

const dripped = new WeakMap<ServerResponse, number>()

const drippedOf = (response: ServerResponse) => () => dripped.get(response) ?? 0

const closedHere = new WeakSet<ServerResponse>()

function endOf(response: ServerResponse): Promise<Ended> {
  return new Promise((done) => {
    response.once('close', () => {
      const closed = closedHere.has(response) ? 'closed by the fake' : 'closed by the client'
      done(response.writableFinished ? 'answered' : closed)
    })
  })
}

const bodyOf = async (request: IncomingMessage): Promise<string> => (await bytesOf(request)).toString()

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

/** Trusts whoever asks: this is a fake. */
const decoded = (text: string): FakeRequest['body'] => JSON.parse(text) as FakeRequest['body']

/** The last message without its delimiters, which stand on lines of their own or are a pair of tags. */
function learnerText({ messages }: Asked): string {
  const content = messages.at(-1)?.content ?? ''
  const lines = content.split('\n')
  return (lines.length >= 3 ? lines.slice(1, -1).join('\n') : content.replace(/^<[^>]*>|<[^>]*>$/g, '')).trim()
}

function portOf(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return fail(new Error('the fake has no port'))
      done(address.port)
    })
  })
}
