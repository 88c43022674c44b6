import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { messageIdFromRow, userIdFromRow } from '../../src/domain/ids.ts'
import { messageCursor, parseMessageCursor, parseUserCursor, userCursor } from '../../src/graphql/cursors.ts'
import { badInputOn } from '../support/refusals.ts'

const positive = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const owners = positive.map(userIdFromRow)
const userPlaces = fc.record({ id: owners })
/** From 1970 to the year 5000. */
const messagePlaces = fc.record({
  createdAt: fc
    .integer({ min: 0, max: 95_617_584_000_000 })
    .map((milliseconds) => toTimestamp(Temporal.Instant.fromEpochMilliseconds(milliseconds))),
  id: positive.map(messageIdFromRow),
})

const seal = (text: string) => Buffer.from(text).toString('base64url')
const ada = userIdFromRow(7)

/** Neither list takes it for a place of its own. */
function expectForeign(cursor: string): void {
  expect(() => parseUserCursor(cursor)).toThrow(badInputOn('after'))
  expect(() => parseMessageCursor(ada, cursor)).toThrow(badInputOn('after'))
}

describe('a cursor', () => {
  test('in the list of learners leads back to its place', () => {
    fc.assert(
      fc.property(userPlaces, (place) => {
        expect(parseUserCursor(userCursor(place))).toEqual(place)
      }),
    )
  })

  test('in a conversation leads back to its place', () => {
    fc.assert(
      fc.property(owners, messagePlaces, (owner, place) => {
        expect(parseMessageCursor(owner, messageCursor(owner, place))).toEqual(place)
      }),
    )
  })

  test('of one place is no other place’s', () => {
    fc.assert(
      fc.property(messagePlaces, messagePlaces, (one, other) => {
        fc.pre(one.id !== other.id || one.createdAt !== other.createdAt)
        expect(messageCursor(ada, one)).not.toBe(messageCursor(ada, other))
      }),
    )
  })

  test('can stand in a URL as it is', () => {
    fc.assert(
      fc.property(owners, messagePlaces, (owner, place) => {
        expect(messageCursor(owner, place)).toMatch(/^[\w-]+$/)
        expect(userCursor({ id: owner })).toMatch(/^[\w-]+$/)
      }),
    )
  })

  test.each([null, undefined])('that is %s is the beginning', (after) => {
    expect(parseUserCursor(after)).toBeNull()
    expect(parseMessageCursor(ada, after)).toBeNull()
  })
})

describe('a cursor from elsewhere is refused', () => {
  test('from a conversation in the list of learners, and the other way round', () => {
    fc.assert(
      fc.property(owners, messagePlaces, userPlaces, (owner, message, user) => {
        expect(() => parseUserCursor(messageCursor(owner, message))).toThrow(badInputOn('after'))
        expect(() => parseMessageCursor(owner, userCursor(user))).toThrow(badInputOn('after'))
      }),
    )
  })

  test("from another learner's conversation", () => {
    fc.assert(
      fc.property(owners, owners, messagePlaces, (owner, other, place) => {
        fc.pre(owner !== other)
        expect(() => parseMessageCursor(owner, messageCursor(other, place))).toThrow(badInputOn('after'))
      }),
    )
  })

  test('when it is any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), expectForeign))
    fc.assert(fc.property(fc.string({ unit: 'binary' }).map(seal), expectForeign))
  })

  test.each(
    [
      ['', 'users:', 'users:0', 'users:-1', 'users:01', 'users:1.5', 'users:9007199254740992', 'users:7 ', ' users:7'],
      ['users:7\n', 'users:7:8', 'Users:7', 'xusers:7', 'messages:7', 'messages:7:1', 'messages:7::1', 'messages:7:1:'],
      ['messages:7:x:1', 'messages:7:1:x', 'messages:7:-1:1', 'messages:7:1:-1', 'messages:7:1:1:1', 'xmessages:7:1:1'],
      [
        'messages:07:1:1',
        'messages:8:1:1',
        'messages::1:1',
        'messages:7:1:9007199254740992',
        'messages:7:100000000000000:1',
      ],
      ['messages:7:1:1 ', 'messages:7:1:12345678901234567', 'messages:7:1:1\n', 'stars:7'],
    ].flat(),
  )('when it says %j', (text) => {
    expectForeign(seal(text))
  })
})
