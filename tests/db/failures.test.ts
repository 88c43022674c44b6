import { DrizzleQueryError } from 'drizzle-orm'
import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { isRetryable, translated } from '../../src/db/failures.ts'
import { HonzikError, notFound } from '../../src/domain/error.ts'
import { freePort } from '../support/free-port.ts'

const withCode = (code: unknown) => Object.assign(new Error('connect 10.0.0.7:5432'), { code })
/** As the query builder hands on what the driver throws. */
const wrapped = (error: Error) => new DrizzleQueryError('select 1', [], error)

describe('a failure to reach the database', () => {
  test.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
    ...['ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
    ...['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'],
    ...['08006', '08P01', '53300', '57014', '57P01', '57P03', '58030'],
  ])('is SERVICE_UNAVAILABLE: %s', (code) => {
    const failure = withCode(code)
    for (const error of [failure, wrapped(failure), wrapped(wrapped(failure))]) {
      const seen = translated(error)
      expect(seen).toBeInstanceOf(HonzikError)
      expect(seen).toMatchObject({ code: 'SERVICE_UNAVAILABLE', cause: failure })
    }
  })

  test('says nothing of where the database is', () => {
    expect(translated(withCode('ECONNREFUSED'))).toMatchObject({ message: expect.not.stringContaining('10.0.0.7') })
  })

  test('is known when a driver really throws it', async () => {
    const nobodyListens = postgres({ host: '127.0.0.1', port: await freePort(), fetch_types: false })
    const failure = await nobodyListens`select 1`.catch((error: unknown) => error)
    await nobodyListens.end()
    expect(translated(failure)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })
})

describe('any other failure', () => {
  test.each([
    ['a unique violation', withCode('23505')],
    ['a serialization failure', withCode('40001')],
    ['a code that only begins like one of ours', withCode('ECONNREFUSED ')],
    ['a longer number', withCode('080061')],
    ['a number', withCode(8006)],
    ['one of our own errors', notFound('learner')],
    ['an error with no code', new Error('ECONNREFUSED')],
    ['text', 'ECONNREFUSED'],
    ['something that is no error', { code: 'ECONNREFUSED' }],
    ['undefined', undefined],
    ['null', null],
  ])('is left as it is: %s', (_, error) => {
    expect(translated(error)).toBe(error)
  })

  test('is freed of the wrapping that repeats the parameters', () => {
    const failure = withCode('42601')
    expect(translated(wrapped(failure))).toBe(failure)
  })
})

describe('a transaction may be repeated', () => {
  test.each(['40001', '40P01'])('after %s', (code) => {
    expect(isRetryable(withCode(code))).toBe(true)
    expect(isRetryable(wrapped(withCode(code)))).toBe(true)
  })

  test.each([
    ['a deferred constraint that failed', withCode('40002')],
    ['a unique violation', withCode('23505')],
    ['a lost connection', withCode('ECONNRESET')],
    ['a number', withCode(40001)],
    ['one of our own errors', notFound('learner')],
    ['null', null],
  ])('but not after %s', (_, error) => {
    expect(isRetryable(error)).toBe(false)
  })
})
