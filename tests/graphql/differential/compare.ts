import type { GraphQLAnswer } from '../../support/test-app.ts'
import type { WireAnswer } from '../../support/wire.ts'

/** What one answer has that the other has not; null where there is nothing. */
export function differenceOf(given: WireAnswer, expected: WireAnswer): string | null {
  const differs = ASPECTS.filter(([, of]) => of(given) !== of(expected)).map(
    ([name, of]) => `${name}: ${of(given)}\n  instead of ${of(expected)}`,
  )
  return differs.length > 0 ? differs.join('\n') : null
}

const answerIn = ({ text }: WireAnswer): GraphQLAnswer => JSON.parse(text)

/** Errors in the order of their places: two that happen at the same moment have no other. */
const errorsIn = (answer: WireAnswer): string =>
  (answerIn(answer).errors ?? [])
    .map(({ path = [], extensions: { code, field = '' } }) => `${path.join('.')} ${code} ${field}`)
    .sort()
    .join(', ')

const ASPECTS: readonly (readonly [string, (answer: WireAnswer) => string])[] = [
  ['status', ({ status }) => String(status)],
  ['type', ({ headers }) => String(headers['content-type'])],
  // An answer without errors has nothing but its data, unless numbers were asked for.
  ['data', (answer) => JSON.stringify(answerIn(answer).data)],
  ['errors', errorsIn],
]

/** Whether an answer is the same to the last byte, which is all that there is to say about one without errors. */
export const isSame = (given: WireAnswer, expected: WireAnswer): boolean =>
  given.text === expected.text && given.status === expected.status
