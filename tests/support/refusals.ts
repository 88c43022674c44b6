import { expect } from 'vitest'
import type { ErrorCode } from '../../src/domain/error.ts'

/** Matches one of our own errors, for `toThrow`. */
export const refusal = (code: ErrorCode, field?: string) =>
  expect.objectContaining({ name: 'HonzikError', code, field })

/** Matches the refusal of an input, which also names it in its message. */
export const badInputOn = (field: string) =>
  expect.objectContaining({
    name: 'HonzikError',
    code: 'BAD_USER_INPUT',
    field,
    message: expect.stringMatching(new RegExp(`^${field} must `)),
  })
