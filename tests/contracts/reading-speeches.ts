import { expect, test } from 'vitest'
import type { MessageId } from '../../src/domain/ids.ts'
import { messageIdFromRow } from '../../src/domain/ids.ts'
import type { Speech } from '../../src/domain/voice.ts'
import { NOW } from '../support/test-app.ts'
import type { Suite } from './suite.ts'

/** Every byte there is, in many lines of whatever text they are sent as. */
const AUDIO = Buffer.from(Array.from({ length: 100_001 }, (_, n) => (n * 31 + (n >> 8)) % 256))

const speech: Speech = { format: 'MP3', audio: AUDIO, fingerprint: 'x' }
const short: Speech = { format: 'OGG', audio: Buffer.from([0]), fingerprint: null }

export function describeReadingSpeeches(suite: Suite): void {
  /** A learner with two messages that are spoken and one that is not. */
  async function spoken() {
    const { id: userId } = await suite.newLearner()
    return suite.run(async ({ messages, speeches }) => {
      const kept: MessageId[] = []
      for (let n = 0; n < 3; n += 1) kept.push((await messages.keep(userId, { text: 'Ahoj!', at: NOW })).id)
      const [one = nothing, two = nothing, three = nothing] = kept
      await speeches.keep(one, speech, NOW)
      await speeches.keep(two, short, NOW)
      return { userId, one, two, three }
    })
  }

  test('are whole as they were kept, with whose they are', async () => {
    const { userId, one, two, three } = await spoken()
    expect(await suite.readers.speech(one)).toStrictEqual({ id: one, userId, format: 'MP3', audio: AUDIO })
    expect(await suite.readers.speech(two)).toStrictEqual({ id: two, userId, format: 'OGG', audio: short.audio })
    expect(await suite.readers.speech(three)).toBeNull()
    expect(await suite.readers.speech(nothing)).toBeNull()
  })

  test('are known by their format and length without being read', async () => {
    const { one, two, three } = await spoken()
    expect(await suite.readers.speeches([one, two, three, nothing])).toEqual(
      new Map([
        [one, { format: 'MP3', bytes: AUDIO.length }],
        [two, { format: 'OGG', bytes: 1 }],
      ]),
    )
    expect(await suite.readers.speeches([])).toEqual(new Map())
  })

  test('are gone with their learner', async () => {
    const { userId, one } = await spoken()
    await suite.run(({ users }) => users.delete(userId))
    expect(await suite.readers.speech(one)).toBeNull()
    expect(await suite.readers.speeches([one])).toEqual(new Map())
  })
}

/** The id of a message that is never given out. */
const nothing = messageIdFromRow(Number.MAX_SAFE_INTEGER)
