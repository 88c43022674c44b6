import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { toFile } from 'openai'
import { z } from 'zod'
import { contentTypeOf, extensionOf } from '../../domain/recording.ts'
import type { UserSettings } from '../../domain/settings.ts'
import type { Price } from '../../domain/usage.ts'
import type { TutorReporter } from '../../replies/tutor.ts'
import type { Heard, Line, Spoken, Voice } from '../../replies/voice.ts'
import type { BreakerOptions } from './breaker.ts'
import { type Asking, Calling } from './calling.ts'
import { type ClientOptions, createClient } from './client.ts'
import { count } from './completion.ts'
import type { Monotonic } from './deadline.ts'
import { Fault } from './fault.ts'
import { modelAccess } from './model-access.ts'

export interface ModelVoiceOptions {
  /** Null for servers that want none. */
  readonly apiKey: string | null
  /** Of a server that speaks like OpenAI's, up to and with `/v1`; null: OpenAI itself. */
  readonly baseUrl: string | null
  readonly transcriptionModel: string
  readonly speechModel: string
  /** Milliseconds for one answer, repeated attempts included. */
  readonly timeoutMs: number
  /** By the models' names; of a model that speaks, `in` is for a million characters. */
  readonly prices: ReadonlyMap<string, Price>
  /** Part of every fingerprint: what is kept under one is not found under another. */
  readonly namespace: string
  /** Hears what happens; must not throw. */
  readonly report: TutorReporter
  readonly breaker?: BreakerOptions
  /** How often a failed attempt is repeated. @default 2 */
  readonly maxRetries?: number
  /** @default performance.now */
  readonly clock?: Monotonic
}

/** The language that is spoken, ISO 639-1: told, it is heard better. */
const LANGUAGE = 'cs'

/** Factors of the natural speed. */
const SPEEDS: Record<UserSettings['voiceSpeed'], number> = { VERY_SLOW: 0.6, SLOW: 0.8, NORMAL: 1, NATIVE: 1.2 }

/** Of those that all of OpenAI's speaking models have. */
const VOICES: Record<UserSettings['character'], string> = { HONZIK: 'echo', NOVAKOVA: 'shimmer' }

/** Characters that the API speaks at most. */
const LINE_MAX = 4_096

/** Bytes of speech at most: some minutes, as MP3. */
const AUDIO_MAX = 10 * 1024 * 1024

/** Hears and speaks by models behind OpenAI's audio API. */
export function openModelVoice(options: ModelVoiceOptions): Voice {
  const { transcriptionModel, speechModel, namespace, prices } = options
  const access = { ...modelAccess(options), timeoutMs: options.timeoutMs }
  const ears = callingFor(options, transcriptionModel, { accept: 'application/json', type: null })
  const mouth = callingFor(options, speechModel, { accept: '*/*', type: 'application/json' })
  return {
    hear(recording) {
      const decisive = { namespace, model: transcriptionModel, language: LANGUAGE, digest: recording.digest }
      return {
        fingerprint: fingerprintOf(decisive),
        async ask(call): Promise<Heard> {
          const heard = (asking: Asking) => transcribe(access, transcriptionModel, recording, asking)
          const { value: text, usd } = await ears.run(call, heard)
          return { text, usd }
        },
      }
    },
    speak(line) {
      const request = requestFor(speechModel, line)
      return {
        fingerprint: fingerprintOf({ namespace, ...request }),
        async ask(call): Promise<Spoken> {
          const price = prices.get(speechModel)
          const usd = price ? (request.input.length * price.in) / 1_000_000 : null
          const { value: audio } = await mouth.run(call, (asking) => speak(access, request, asking), usd)
          return { audio, format: 'MP3', usd }
        },
      }
    },
    async [Symbol.asyncDispose]() {
      ears[Symbol.dispose]()
      mouth[Symbol.dispose]()
    },
  }
}

function callingFor(
  options: ModelVoiceOptions,
  name: string,
  content: { accept: string; type: string | null },
): Calling {
  const { prices, timeoutMs, report, breaker = {}, clock = () => performance.now() } = options
  const { apiKey } = modelAccess(options)
  return new Calling({ name, apiKey, timeoutMs, price: prices.get(name) ?? null, report, breaker, clock, content })
}

const fingerprintOf = (decisive: Record<string, unknown>): string =>
  createHash('sha256')
    .update(canonicalize(decisive) ?? '')
    .digest('hex')

const Transcription = z.object({
  text: z.string(),
  usage: z.object({ input_tokens: count, output_tokens: count }).nullish().catch(null),
})

async function transcribe(
  access: ClientOptions,
  model: string,
  { audio, format }: Parameters<Voice['hear']>[0],
  { deadline: { signal }, attempts, counted }: Asking,
): Promise<string> {
  const file = await toFile(audio, `speech.${extensionOf(format)}`, { type: contentTypeOf(format) })
  const client = createClient(access, attempts)
  const answer: unknown = await client.audio.transcriptions.create(
    { file, model, language: LANGUAGE, response_format: 'json' },
    { signal },
  )
  const read = Transcription.safeParse(answer)
  if (!read.success)
    throw new Fault('schema', 'The server does not answer as transcriptions do.', { cause: read.error })
  const { text, usage } = read.data
  if (usage) counted({ tokensIn: usage.input_tokens, tokensCached: 0, tokensOut: usage.output_tokens })
  return text
}

const requestFor = (model: string, { text, character, voiceSpeed }: Line) => ({
  model,
  voice: VOICES[character],
  input: spoken(text),
  speed: SPEEDS[voiceSpeed],
  response_format: 'mp3' as const,
})

/** Whole sentences, as many as are spoken; whole characters at least. */
function spoken(text: string): string {
  const whole = text.toWellFormed()
  if (whole.length <= LINE_MAX) return whole
  const cut = whole.slice(0, LINE_MAX)
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('! '), cut.lastIndexOf('? '))
  return end > 0 ? cut.slice(0, end + 1) : cut.replace(/[\ud800-\udbff]$/, '')
}

async function speak(
  access: ClientOptions,
  request: ReturnType<typeof requestFor>,
  { deadline: { signal }, attempts }: Asking,
): Promise<Buffer> {
  const response = await createClient(access, attempts).audio.speech.create(request, { signal })
  const chunks: Uint8Array[] = []
  let bytes = 0
  // The SDK hands over the answer once it has begun, and then no longer minds the signal.
  for await (const chunk of response.body ?? []) {
    signal.throwIfAborted()
    bytes += chunk.byteLength
    if (bytes > AUDIO_MAX) throw new Fault('length', 'The speech was longer than it may be.')
    chunks.push(chunk)
  }
  const type = response.headers.get('content-type') ?? ''
  if (bytes === 0 || !/^(audio\/|application\/octet-stream)/.test(type))
    throw new Fault('schema', 'The server does not answer with audio.')
  return Buffer.concat(chunks)
}
