import { describe, expect, test } from 'vitest'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { type DeliveryState, endOf, fresh, lost, secretEnds, tried } from '../../src/domain/delivery.ts'
import { NOW } from '../support/test-app.ts'

const refused = (status: number) => ({ status, error: 'REFUSED', retryAfterSeconds: null }) as const
const later = (seconds: number) => NOW.add({ seconds })
const stamp = (seconds: number) => toTimestamp(later(seconds))

describe('a delivery that was tried', () => {
  test('is delivered when its receiver has accepted it', () => {
    const accepted = { status: 204, error: null, retryAfterSeconds: null }
    expect(tried(fresh(NOW), accepted, { begun: later(1), now: later(2) }, 0)).toEqual({
      delaySeconds: null,
      state: {
        status: 'DELIVERED',
        attempts: 1,
        firstAttemptAt: stamp(1),
        lastAttemptAt: stamp(1),
        nextAttemptAt: null,
        lastStatus: 204,
        lastError: null,
        endedAt: stamp(2),
      },
    })
  })

  test('waits for its next attempt when it was refused', () => {
    const { state, delaySeconds } = tried(fresh(NOW), refused(500), { begun: later(1), now: later(3) }, 0)
    expect(delaySeconds).toBe(5)
    expect(state).toMatchObject({ status: 'PENDING', attempts: 1, nextAttemptAt: stamp(8), endedAt: null })
  })

  test('counts its day from the first attempt on', () => {
    const before: DeliveryState = { ...fresh(NOW), attempts: 2, firstAttemptAt: stamp(0) }
    const at = (seconds: number) => tried(before, refused(500), { begun: later(seconds), now: later(seconds) }, 0)
    expect(at(86_300)).toMatchObject({ delaySeconds: 100, state: { status: 'PENDING' } })
    expect(at(86_400)).toMatchObject({ delaySeconds: null, state: { status: 'FAILED', endedAt: stamp(86_400) } })
  })

  test('is given up at once when its receiver is gone', () => {
    const { state } = tried(fresh(NOW), refused(410), { begun: NOW, now: NOW }, 0)
    expect(state).toMatchObject({ status: 'FAILED', lastStatus: 410, lastError: 'REFUSED' })
    expect(endOf(state)).toBe('gone')
  })
})

test('ends are told apart, and what was cancelled or waits has none', () => {
  const end = (state: Partial<DeliveryState>) => endOf({ ...fresh(NOW), ...state })
  expect(end({ status: 'DELIVERED', lastStatus: 200 })).toBe('delivered')
  expect(end({ status: 'FAILED', lastStatus: 500 })).toBe('given-up')
  expect(endOf(lost(fresh(NOW), NOW))).toBe('given-up')
  expect(end({ status: 'CANCELLED' })).toBeNull()
  expect(end({ status: 'PENDING', lastStatus: 410 })).toBeNull()
})

test('a secret that was replaced is good for a day', () => {
  expect(secretEnds(NOW)).toBe(stamp(86_400))
})
