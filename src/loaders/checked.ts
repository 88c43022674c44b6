import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { HonzikError } from '../domain/error.ts'

const failure = Compile(
  Type.Object({ message: Type.String(), retryAfterSeconds: Type.Optional(Type.Integer({ minimum: 0 })) }),
)

/** A model's failure is the same for all who wait for the same answer; anything else is the asker's own affair. */
export function encodeFailure(error: unknown): string | null {
  if (!(error instanceof HonzikError) || error.code !== 'UPSTREAM_UNAVAILABLE') return null
  const { message, retryAfterSeconds } = error
  return JSON.stringify({ message, retryAfterSeconds })
}

export function decodeFailure(json: string): HonzikError {
  const { message, ...details } = failure.Parse(JSON.parse(json))
  return new HonzikError('UPSTREAM_UNAVAILABLE', message, details)
}

/** Checks in place, in compiled code: a library that copies what it checks takes longer than the parsing. */
export function checkedBy<Value>(schema: TSchema): (json: unknown) => Value {
  const validator = Compile(schema)
  return (json) => {
    if (!validator.Check(json)) throw new TypeError('another shape')
    return json as Value
  }
}
