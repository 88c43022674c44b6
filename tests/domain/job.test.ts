import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateFromRow, toTimestamp } from '../../src/domain/calendar.ts'
import { jobIdFromRow, messageIdFromRow, userIdFromRow } from '../../src/domain/ids.ts'
import {
  advanced,
  asOf,
  backoffSeconds,
  begun,
  cancelled,
  FAILURES_MAX,
  failed,
  firstStage,
  isAt,
  isOver,
  JOB_STAGES,
  JOB_STATUSES,
  type Job,
  type JobChanges,
  type JobError,
  type JobKind,
  type JobStage,
  type JobUpdate,
  progressOf,
  released,
  retried,
} from '../../src/domain/job.ts'
import { NOW } from '../support/test-app.ts'

const at = toTimestamp(NOW)

const made = (kind: JobKind): Job => ({
  ...{ id: jobIdFromRow('00000000-0000-4000-8000-000000000000'), userId: userIdFromRow(1), kind },
  ...{ status: 'QUEUED', stage: firstStage(kind), revision: 0, attempts: 0, failures: 0, error: null },
  messageId: kind === 'TEXT_MESSAGE' ? messageIdFromRow(1) : null,
  ...{ practised: null, transcriptKey: null, speechKey: null, createdAt: at, updatedAt: at, finishedAt: null },
})

const practised = {
  day: { date: dateFromRow('2026-11-23'), messagesCount: 1, wordsSaid: 1, scoredWords: 1, streakDay: 1 },
  stars: { total: 1, available: 1, lifetime: 1 },
  starsEarned: 1,
}

const trouble = (stage: JobStage, retryAfterSeconds: number | null = null): JobError => ({
  ...{ code: 'UPSTREAM_UNAVAILABLE', message: 'The model is busy.', stage, retryable: true, retryAfterSeconds },
})

/** As the database keeps a change: under the next revision. */
const changed = (job: Job, changes: JobChanges): Job => {
  const updatedAt = toTimestamp(NOW.add({ seconds: job.revision + 1 }))
  const finishedAt = isOver(changes) ? updatedAt : null
  return { ...job, ...changes, revision: job.revision + 1, updatedAt, finishedAt }
}

const updateOf = ({ id, revision, status, stage, attempts, error, updatedAt }: Job): JobUpdate => ({
  ...{ jobId: id, revision, status, stage, attempts, error },
  at: updatedAt,
})

describe('the stages of a job', () => {
  test.each<[JobKind, JobStage[]]>([
    ['TEXT_MESSAGE', ['REPLY']],
    ['VOICE_MESSAGE', ['TRANSCRIBE', 'REPLY', 'SPEAK']],
  ])('of a %s are %j, in this order', (kind, stages) => {
    let job = made(kind)
    const seen: unknown[] = []
    while (!isOver(job)) {
      seen.push(job.stage)
      job = changed(changed(job, begun(job)), advanced(job))
    }
    expect(seen).toEqual(stages)
    expect(job).toMatchObject({ status: 'SUCCEEDED', stage: null, attempts: 0, failures: 0, error: null })
    expect(changed(job, advanced(job))).toMatchObject({ status: 'SUCCEEDED', stage: null })
  })

  test('may be left out where they cannot be done', () => {
    const voice = { ...made('VOICE_MESSAGE'), stage: 'REPLY' as const }
    expect(advanced(voice)).toMatchObject({ status: 'QUEUED', stage: 'SPEAK' })
    expect(advanced(voice, ['SPEAK'])).toMatchObject({ status: 'SUCCEEDED', stage: null })
    expect(advanced(made('VOICE_MESSAGE'), ['REPLY'])).toMatchObject({ status: 'QUEUED', stage: 'SPEAK' })
  })

  test.each<[JobKind, JobStage | null, number]>([
    ['TEXT_MESSAGE', 'REPLY', 0],
    ['VOICE_MESSAGE', 'TRANSCRIBE', 0],
    ['VOICE_MESSAGE', 'REPLY', 33],
    ['VOICE_MESSAGE', 'SPEAK', 67],
    ['VOICE_MESSAGE', null, 100],
  ])('of a %s that is at %s are done to %i %%, whether it goes on or not', (kind, stage, percent) => {
    for (const status of ['QUEUED', 'RUNNING', 'FAILED', 'CANCELLED'] as const)
      expect(progressOf({ kind, status, stage })).toBe(percent)
    expect(progressOf({ kind, status: 'SUCCEEDED', stage: null })).toBe(100)
  })

  test('want to be done only while the job is at them and not over', () => {
    const wanted = JOB_STATUSES.flatMap((status) =>
      JOB_STAGES.filter((stage) => isAt({ ...made('VOICE_MESSAGE'), status }, stage)).map((stage) => [status, stage]),
    )
    expect(wanted).toEqual([
      ['QUEUED', 'TRANSCRIBE'],
      ['RUNNING', 'TRANSCRIBE'],
    ])
  })
})

describe('an attempt', () => {
  const job = changed(made('TEXT_MESSAGE'), begun(made('TEXT_MESSAGE')))
  const error = trouble('REPLY')

  test('is counted when it begins, and forgets nothing of those before', () => {
    expect(begun({ ...job, failures: 1, error })).toEqual({
      ...{ status: 'RUNNING', stage: 'REPLY', attempts: 2, failures: 1, error },
    })
  })

  test(`that fails is repeated until there were ${FAILURES_MAX} failures`, () => {
    const statuses = [0, 1, 2, 3].map((failures) => failed({ ...job, failures }, error, { repeat: true }))
    expect(statuses.map(({ status, failures }) => [status, failures])).toEqual([
      ['QUEUED', 1],
      ['QUEUED', 2],
      ['QUEUED', 3],
      ['FAILED', 4],
    ])
    expect(failed(job, error, { repeat: false })).toMatchObject({
      status: 'FAILED',
      stage: 'REPLY',
      error,
      failures: 1,
    })
  })

  test('that is given back is no failure', () => {
    const before = { ...job, attempts: 7, failures: 3, error }
    expect(released(before)).toEqual({ status: 'QUEUED', stage: 'REPLY', attempts: 7, failures: 3, error })
  })

  test('of a job that is retried is the first one, and the last error stays until it goes well', () => {
    const over = changed(job, failed({ ...job, failures: 3 }, error, { repeat: true }))
    expect(retried(over)).toEqual({ status: 'QUEUED', stage: 'REPLY', attempts: 0, failures: 0, error })
  })

  test('is put off by 1, 2, 4 … seconds, with half of that more or less, and no less than was asked for', () => {
    expect([1, 2, 3].map((failures) => backoffSeconds({ failures }, error, 0.5))).toEqual([1, 2, 4])
    fc.assert(
      fc.property(fc.nat(10), fc.double({ min: 0, max: 1, noNaN: true }), fc.option(fc.nat(60)), (n, chance, asked) => {
        const seconds = backoffSeconds({ failures: n + 1 }, trouble('REPLY', asked), chance)
        expect(seconds).toBeGreaterThanOrEqual(Math.max(2 ** n * 0.5, asked ?? 0))
        expect(seconds).toBeLessThanOrEqual(Math.max(2 ** n * 1.5, asked ?? 0))
      }),
    )
  })
})

type Step = (job: Job) => JobChanges

/** What may happen to a job, and when. */
const STEPS: Record<string, { readonly may: (job: Job) => boolean; readonly step: Step }> = {
  begun: { may: (job) => !isOver(job), step: begun },
  advanced: {
    may: ({ status }) => status === 'RUNNING',
    step: (job) => ({ ...(job.stage === 'REPLY' && { practised }), ...advanced(job) }),
  },
  unspoken: {
    may: ({ status, stage }) => status === 'RUNNING' && stage === 'REPLY',
    step: (job) => advanced(job, ['SPEAK']),
  },
  failed: {
    may: ({ status }) => status === 'RUNNING',
    step: (job) => failed(job, trouble(job.stage ?? 'REPLY'), { repeat: true }),
  },
  'failed for good': {
    may: ({ status }) => status === 'RUNNING',
    step: (job) => failed(job, trouble(job.stage ?? 'REPLY'), { repeat: false }),
  },
  released: { may: ({ status }) => status === 'RUNNING', step: released },
  cancelled: { may: (job) => !isOver(job), step: cancelled },
  retried: { may: ({ status }) => status === 'FAILED', step: retried },
}

/** All that a job was, one after the other; what may not happen does not. */
function livedThrough(
  kind: JobKind,
  names: readonly string[],
): readonly { readonly name: string; readonly job: Job }[] {
  const states = [{ name: 'made', job: made(kind) }]
  for (const name of names) {
    const { job } = states.at(-1) ?? { job: made(kind) }
    const happening = STEPS[name]
    if (happening?.may(job)) states.push({ name, job: changed(job, happening.step(job)) })
  }
  return states
}

const lives = fc.tuple(
  fc.constantFrom<JobKind>('TEXT_MESSAGE', 'VOICE_MESSAGE'),
  // Mostly what brings it on.
  fc.array(fc.constantFrom('begun', 'begun', 'advanced', 'advanced', ...Object.keys(STEPS)), { maxLength: 40 }),
)

describe('whatever happens to a job', () => {
  test('it is over once, and then nothing but a retry makes it go on', () => {
    fc.assert(
      fc.property(lives, ([kind, names]) => {
        const states = livedThrough(kind, names)
        for (const [index, { job }] of states.entries()) {
          const next = states[index + 1]
          if (isOver(job) && next) expect([job.status, next.name]).toEqual(['FAILED', 'retried'])
          expect(job.finishedAt === null).toBe(!isOver(job))
          expect(job.stage === null).toBe(job.status === 'SUCCEEDED')
        }
      }),
    )
  })

  test('its progress never falls', () => {
    fc.assert(
      fc.property(lives, ([kind, names]) => {
        const progress = livedThrough(kind, names).map(({ job }) => progressOf(job))
        expect(progress).toEqual(progress.toSorted((a, b) => a - b))
        expect(progress.every((percent) => Number.isInteger(percent) && percent >= 0 && percent <= 100)).toBe(true)
      }),
    )
  })

  test('a stage fails at most so often, and is begun at least as often as it fails', () => {
    fc.assert(
      fc.property(lives, ([kind, names]) => {
        for (const { job } of livedThrough(kind, names)) {
          expect(job.failures).toBeLessThanOrEqual(FAILURES_MAX)
          expect(job.failures).toBeLessThanOrEqual(job.attempts)
          if (job.failures === FAILURES_MAX && job.status !== 'CANCELLED') expect(job.status).toBe('FAILED')
          if (job.status === 'FAILED') expect(job.error).not.toBeNull()
        }
      }),
    )
  })

  test('it can be shown as it was after each change, with nothing that has come of it only later', () => {
    fc.assert(
      fc.property(lives, ([kind, names]) => {
        const states = livedThrough(kind, names)
        const { job: now } = states.at(-1) ?? { job: made(kind) }
        for (const { job } of states) {
          const shown = asOf({ ...now, messageId: messageIdFromRow(1) }, updateOf(job))
          const { status, stage, attempts, error, revision, updatedAt, finishedAt } = job
          expect(shown).toMatchObject({ status, stage, attempts, error, revision, updatedAt, finishedAt })
          const isTranscribed = kind === 'TEXT_MESSAGE' || stage !== 'TRANSCRIBE'
          expect(shown.messageId !== null).toBe(isTranscribed)
          if (stage === 'TRANSCRIBE' || stage === 'REPLY') expect(shown.practised).toBeNull()
          else expect(shown.practised).toEqual(now.practised)
        }
      }),
    )
  })
})
