import { expect, test } from 'vitest'
import type { TutorEvent } from '../../src/replies/tutor.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { createTutorLog } from '../../src/telemetry/tutor-log.ts'

function linesOf(event: TutorEvent): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = []
  createTutorLog(createLog('info', { write: (line: string) => lines.push(JSON.parse(line)) }))(event)
  return lines.map(({ time: _, ...line }) => line)
}

const tokens = { tokensIn: 10, tokensCached: 5, tokensOut: 2 }

test.each<[TutorEvent, Record<string, unknown>]>([
  [
    { kind: 'answered', model: 'm', tokens, usd: 0.5, milliseconds: 12.6 },
    { level: 30, model: 'm', ...tokens, usd: 0.5, milliseconds: 13, msg: 'model answered' },
  ],
  [
    { kind: 'answered', model: 'm', tokens: null, usd: null, milliseconds: 1 },
    { level: 30, model: 'm', usd: null, milliseconds: 1, msg: 'model answered' },
  ],
  [
    { kind: 'breaker', model: 'm', state: 'open' },
    { level: 40, model: 'm', msg: 'model not asked' },
  ],
  [
    { kind: 'breaker', model: 'm', state: 'closed' },
    { level: 30, model: 'm', msg: 'model asked again' },
  ],
])('what a model does is one line: %j', (event, line) => {
  expect(linesOf(event)).toEqual([line])
})

test('a failure is told by its name: what it says may be what the learner said', () => {
  const error = new TypeError('Včera jsem byl doma.')
  const event: TutorEvent = { kind: 'failed', model: 'm', trouble: 'schema', error, milliseconds: 3 }
  const line = { level: 40, model: 'm', trouble: 'schema', cause: 'TypeError', milliseconds: 3 }
  expect(linesOf(event)).toEqual([{ ...line, msg: 'model did not answer' }])
  expect(linesOf({ ...event, error: 'text' })).toMatchObject([{ cause: 'string' }])
})
