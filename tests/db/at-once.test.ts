import { describe, expect, test } from 'vitest'
import type { Identity } from '../../src/commands/command.ts'
import { sendVoiceMessage } from '../../src/commands/send-voice-message.ts'
import type { JobWrites } from '../../src/commands/unit-of-work.ts'
import { NO_QUEUES } from '../../src/db/queue.ts'
import type { User } from '../../src/domain/user.ts'
import type { Recording } from '../../src/domain/voice.ts'
import { somebody } from '../contracts/suite.ts'
import { hasPostgres, type OpenDatabase, openTestEmbedded, openTestServer } from '../support/databases.ts'
import { NOW } from '../support/test-app.ts'

const RECORDING: Recording = { format: 'OGG', digest: 'a'.repeat(64), durationMs: 1_000, audio: Buffer.of(1, 2, 3) }
const REPEATS = 12

const identity: Identity = {
  issueToken: () => Promise.reject(new Error('nobody signs in here')),
  verifyTelegram() {
    throw new Error('nobody signs in here')
  },
}

/** Queues that take everything: what is looked at here is what stands beside them. */
const openTakingQueues = async () => ({
  ...NO_QUEUES,
  within: () => ({ send: async () => {}, sendAll: async () => {}, settle: async () => true }),
})

async function newLearner({ unitOfWork }: OpenDatabase): Promise<User> {
  const { result } = await unitOfWork.run(({ users }) => users.insert(somebody(), NOW))
  if (result === null) throw new Error('the Telegram id is taken')
  return result
}

describe.each([
  ['embedded', () => openTestEmbedded(undefined, undefined, undefined, openTakingQueues), true],
  ['on a server', () => openTestServer(undefined, undefined, undefined, openTakingQueues), hasPostgres],
] as const)('what a transaction asks for at once, %s', (_, open, isThere) => {
  test.skipIf(!isThere)('is done in the order in which it was asked for', async () => {
    await using database = await open()
    const { id: userId } = await newLearner(database)
    for (let time = 0; time < REPEATS; time += 1) {
      const { result } = await database.unitOfWork.run(async ({ jobs, recordings, acts }) => {
        const id = jobs.newId()
        const act = { input: '{}', messageId: null, jobId: id, practised: null }
        // Each of these needs the one before.
        const made = jobs.insert({ id, userId, kind: 'VOICE_MESSAGE', messageId: null }, NOW)
        const kept = recordings.keep(id, RECORDING)
        const removed = recordings.remove(id)
        const again = recordings.keep(id, RECORDING)
        const remembered = acts.remember(userId, `key ${time}`, act, NOW)
        const [job, , , , , found] = await Promise.all([
          made,
          kept,
          removed,
          again,
          remembered,
          acts.find(userId, `key ${time}`),
        ])
        return { job, found, act }
      })
      expect(result.found).toEqual(result.act)
      expect(await database.readers.recording(result.job.id)).toEqual(RECORDING)
    }
  })

  test.skipIf(!isThere)('is after the lock that it begins with: repeats at one moment are one job', async () => {
    await using database = await open()
    const { id } = await newLearner(database)
    const send = sendVoiceMessage({ recording: RECORDING, idempotencyKey: 'a key' }, { jobsMax: 100 })
    const sent = await Promise.all(
      Array.from({ length: REPEATS }, () =>
        database.unitOfWork.run((unit) => send({ ...unit, viewer: { role: 'user', id }, now: NOW, identity })),
      ),
    )
    expect(new Set(sent.map(({ result }) => result.id)).size).toBe(1)
    const backlog = await database.unitOfWork.run(({ jobs }: { jobs: JobWrites }) => jobs.backlog(id))
    expect(backlog.result.own).toBe(1)
  })
})
