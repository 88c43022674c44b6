import type { Lesson } from '../../src/domain/lesson.ts'
import type { TutorReply } from '../../src/domain/reply.ts'
import { openEmbeddedTutor } from '../../src/tutor/embedded/embedded-tutor.ts'
import { openDictionary } from '../../src/tutor/embedded/spelling/dictionary.ts'
import { type LearnerSentence, misspelledSentences, rightSentences } from '../tutor/embedded/learner-sentences.ts'
import { lessonOf } from '../tutor/embedded/lessons.ts'
import { quantile } from './support/timing.ts'

/*
 * The embedded tutor: how long opening it takes, its thread until the first answer, and a sentence from question to
 * answer once it is warm; and how many misspelled words of 200 sentences of learners it corrects to what was meant.
 */

const ROUNDS = 10

const say = (line: string) => process.stdout.write(`${line}\n`)

const { signal } = new AbortController()

const begun = performance.now()
await using tutor = openEmbeddedTutor()
const openedMs = performance.now() - begun

async function replyTo(lesson: Lesson): Promise<TutorReply> {
  const [preparation] = tutor.prepare(lesson)
  if (preparation === undefined) throw new Error('There is no way to have the lesson answered.')
  return (await preparation.ask({ signal })).reply
}

const timeOf = async (text: string): Promise<number> => {
  const asked = performance.now()
  await replyTo(lessonOf(text))
  return performance.now() - asked
}

const percentile = (share: number): string => `${quantile(times, share).toFixed(2)} ms`

/** The words that differ, in order; one that should have been two is one. */
function expected({ written, meant }: LearnerSentence): { readonly original: string; readonly corrected: string }[] {
  const wordsOf = (text: string) => text.match(/[\p{L}\p{M}]+/gu) ?? []
  const [own, other] = [wordsOf(written), wordsOf(meant)]
  let next = 0
  return own.flatMap((original) => {
    const isSplit = original.length > (other[next]?.length ?? 0) + 1 && own.length < other.length
    const corrected = isSplit ? `${other[next]} ${other[next + 1]}` : (other[next] ?? '')
    next += isSplit ? 2 : 1
    return original === corrected ? [] : [{ original, corrected }]
  })
}

const firstMs = await timeOf('Ahoj!')
say(`open ${openedMs.toFixed(2)} ms; first answer, start of the thread included, ${firstMs.toFixed(0)} ms`)

const sentences = [...misspelledSentences.map(({ written }) => written), ...rightSentences]
for (const text of sentences) await timeOf(text)
const times: number[] = []
for (let round = 0; round < ROUNDS; round += 1) for (const text of sentences) times.push(await timeOf(text))
say(
  `${sentences.length} sentences, ${ROUNDS} rounds: p50 ${percentile(0.5)}, p95 ${percentile(0.95)}, ` +
    `p99 ${percentile(0.99)}, most ${percentile(1)}`,
)

const dictionary = await openDictionary(null)
const counts = { right: 0, wrong: 0, 'another word by chance': 0, 'left alone': 0 }
for (const sentence of misspelledSentences) {
  const { mistakes } = await replyTo(lessonOf(sentence.written))
  for (const { original, corrected } of expected(sentence)) {
    const found = mistakes.find((it) => it.original === original)
    if (found !== undefined) counts[found.corrected === corrected ? 'right' : 'wrong'] += 1
    else counts[dictionary?.knows(original) ? 'another word by chance' : 'left alone'] += 1
  }
}
const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
for (const [name, count] of Object.entries(counts))
  say(`${name}: ${count} of ${total} (${((100 * count) / total).toFixed(0)} %)`)

const touched = await Promise.all(rightSentences.map((text) => replyTo(lessonOf(text))))
say(`corrections in ${rightSentences.length} right sentences: ${touched.flatMap(({ mistakes }) => mistakes).length}`)
