import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateRawSync,
  inflateRawSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib'
import { packed, unpacked } from '../../src/cache/codec.ts'
import { answerOf } from './support/answers.ts'
import { compare, inWords, type Subject } from './support/timing.ts'
import { learners, practiceOf, profileOf } from './support/values.ts'

/* What it takes to store values in fewer bytes: what is read as text has to be text, so each codec's bytes are base64. */

interface Codec {
  readonly name: string
  write(json: string): string
  read(stored: string): string
}

const MOST = 1_048_576
const bounded = { maxOutputLength: MOST }
const bytesIn = (stored: string) => Buffer.from(stored, 'base64')

const deflate = (level: number): Codec => ({
  name: `deflate ${level}`,
  write: (json) => deflateRawSync(json, { level }).toString('base64'),
  read: (stored) => inflateRawSync(bytesIn(stored), bounded).toString(),
})

const brotli = (quality: number): Codec => ({
  name: `brotli ${quality}`,
  write: (json) =>
    brotliCompressSync(json, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }).toString('base64'),
  read: (stored) => brotliDecompressSync(bytesIn(stored), bounded).toString(),
})

const zstd = (level: number): Codec => ({
  name: `zstd ${level}`,
  write: (json) =>
    zstdCompressSync(json, { params: { [constants.ZSTD_c_compressionLevel]: level } }).toString('base64'),
  read: (stored) => zstdDecompressSync(bytesIn(stored), bounded).toString(),
})

const ours: Codec = {
  name: '**the cache’s own**',
  write: (json) => packed(json, 'bench', () => {}),
  read: (stored) => unpacked(stored, MOST),
}

const CODECS = [deflate(1), deflate(6), brotli(1), brotli(4), zstd(1), zstd(3), ours]

const TIMES = 100
const repeated = (name: string, once: () => number): Subject => ({
  name,
  times: TIMES,
  run() {
    let sum = 0
    for (let time = 0; time < TIMES; time += 1) sum += once()
    return sum
  },
})

const say = (line: string) => process.stdout.write(`${line}\n`)

async function measure(name: string, value: unknown): Promise<void> {
  const json = JSON.stringify(value)
  const bytes = Buffer.byteLength(json)
  const stored = CODECS.map((codec) => ({ codec, text: codec.write(json) }))
  const timings = await compare(
    [
      repeated('JSON.parse', () => Object.keys(Object(JSON.parse(json))).length),
      ...stored.flatMap(({ codec, text }) => [
        repeated(codec.name, () => codec.write(json).length),
        // Not of the length that it had: not finite, and so not right.
        repeated(codec.name, () => (codec.read(text).length === json.length ? 1 : Number.NaN)),
      ]),
    ],
    { rounds: 41, withinMs: 30_000 },
  )
  const [parsing, ...each] = timings.map(({ medianNs, leastNs }) => `${inWords(medianNs)} (${inWords(leastNs)})`)
  say(`| ${name} | as it is | ${bytes} | | | ${parsing} to parse |`)
  stored.forEach(({ codec, text }, index) => {
    const size = Buffer.byteLength(text)
    const part = `${Math.round((100 * size) / bytes)} %`
    say(`| | ${codec.name} | ${size} | ${part} | ${each[2 * index]} | ${each[2 * index + 1]} |`)
  })
}

say('| value | codec | bytes | of plain | write | read |\n|---|---|---|---|---|---|')
const [learner] = learners(438).slice(-1)
if (learner) {
  await measure('practice of 31 days', practiceOf(learner))
  await measure('an answer of the model', answerOf(3))
  await measure('an answer without mistakes', answerOf(0))
  await measure('a profile', profileOf(learner))
}
