import { describe, expect, test } from 'vitest'
import { type ErrorCode, type ErrorDetails, HonzikError } from '../../src/domain/error.ts'
import { lostError, StageTrouble, stageFailureOf } from '../../src/work/stage-error.ts'

const refused = (code: ErrorCode, details?: ErrorDetails) => new HonzikError(code, 'It says why.', details)

describe('what went wrong with a stage', () => {
  test.each([
    [refused('UPSTREAM_UNAVAILABLE'), 'UPSTREAM_UNAVAILABLE', null, true],
    [refused('UPSTREAM_UNAVAILABLE', { retryAfterSeconds: 60 }), 'UPSTREAM_UNAVAILABLE', 60, true],
    [refused('UPSTREAM_UNAVAILABLE', { retryAfterSeconds: 61 }), 'UPSTREAM_UNAVAILABLE', 61, false],
    [refused('RATE_LIMITED', { retryAfterSeconds: 5 }), 'RATE_LIMITED', 5, false],
    [refused('SERVICE_UNAVAILABLE'), 'UPSTREAM_UNAVAILABLE', null, true],
  ])('is told in its own words, and may be tried again: %o', (thrown, code, retryAfterSeconds, repeat) => {
    expect(stageFailureOf(thrown, 'REPLY')).toEqual({
      error: { code, message: 'It says why.', stage: 'REPLY', retryable: true, retryAfterSeconds },
      repeat,
    })
  })

  test.each(['NOT_FOUND', 'UNAUTHENTICATED', 'CONFLICT'] as const)(
    'by %s is final, unless somebody asks for more',
    (code) => {
      expect(stageFailureOf(refused(code), 'SPEAK')).toMatchObject({
        error: { code: 'INTERNAL_SERVER_ERROR', stage: 'SPEAK', retryable: true },
        repeat: false,
      })
    },
  )

  test.each([new Error('a secret'), 'a secret', null])(
    'by a fault of ours is masked, and told to the log: %o',
    (fault) => {
      const failure = stageFailureOf(fault, 'REPLY')
      expect(failure).toMatchObject({ error: { code: 'INTERNAL_SERVER_ERROR', retryable: true }, repeat: true })
      expect(failure.fault).toBe(fault)
      expect(JSON.stringify(failure.error)).not.toContain('secret')
    },
  )

  test('may have a name of its own, and is not repeated unasked', () => {
    const silence = new StageTrouble('NO_SPEECH', 'There is nothing to hear.', { retryable: false })
    expect(stageFailureOf(silence, 'TRANSCRIBE')).toEqual({
      error: {
        ...{ code: 'NO_SPEECH', message: 'There is nothing to hear.', stage: 'TRANSCRIBE' },
        ...{ retryable: false, retryAfterSeconds: null },
      },
      repeat: false,
    })
  })

  test('may be that no process lived long enough, and then a retry may help', () => {
    expect(lostError('REPLY')).toMatchObject({ code: 'WORKER_LOST', stage: 'REPLY', retryable: true })
  })
})
