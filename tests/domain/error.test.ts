import { describe, expect, test } from 'vitest'
import { badInput, ERROR_CODES, HonzikError, notFound, OperatorError, unavailable } from '../../src/domain/error.ts'

test('the codes are those that callers were promised', () => {
  const promised =
    'UNAUTHENTICATED FORBIDDEN NOT_FOUND BAD_USER_INPUT CONFLICT RATE_LIMITED UPSTREAM_UNAVAILABLE ' +
    'SERVICE_UNAVAILABLE PAYLOAD_TOO_LARGE GRAPHQL_PARSE_FAILED GRAPHQL_VALIDATION_FAILED INTERNAL_SERVER_ERROR'
  expect([...ERROR_CODES].sort()).toEqual(promised.split(' ').sort())
})

describe('an error of ours', () => {
  test('says what it is, and nothing more than it was told', () => {
    const error = new HonzikError('CONFLICT', 'Taken.')
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'HonzikError', code: 'CONFLICT', message: 'Taken.' })
    expect(error.field).toBeUndefined()
    expect(error.retryAfterSeconds).toBeUndefined()
    expect('cause' in error).toBe(false)
  })

  test('carries the field, the time to wait and the cause', () => {
    const cause = new Error('underneath')
    const error = new HonzikError('RATE_LIMITED', 'Slower.', { field: 'text', retryAfterSeconds: 7, cause })
    expect(error).toMatchObject({ field: 'text', retryAfterSeconds: 7 })
    expect(error.cause).toBe(cause)
  })

  test('about an input names it twice, for people and for programs', () => {
    expect(badInput('timezone', 'must be a zone.')).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'timezone',
      message: 'timezone must be a zone.',
    })
  })

  test('about something missing does not say whether it exists', () => {
    expect(notFound('learner')).toMatchObject({ code: 'NOT_FOUND', message: 'No such learner.' })
  })

  test('about something out of reach keeps the cause for the log', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:5432')
    const error = unavailable('The database is out of reach.', cause)
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: 'The database is out of reach.' })
    expect(error.cause).toBe(cause)
  })
})

test('an error for the operator keeps its cause, and is never one for a caller', () => {
  const cause = new Error('EADDRINUSE')
  const error = new OperatorError('The port is taken.', { cause })
  expect(error).toMatchObject({ name: 'OperatorError', message: 'The port is taken.' })
  expect(error.cause).toBe(cause)
  expect(error).not.toBeInstanceOf(HonzikError)
})
