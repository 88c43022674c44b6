import { OperatorError } from '../domain/error.ts'

/** A command that was called wrongly; the message tells how it is called rightly. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError'
}
