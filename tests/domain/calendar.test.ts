import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  dayAt,
  millisecondsToMidnight,
  parseCalendarDate,
  parseTimeZone,
  toTimestamp,
} from '../../src/domain/calendar.ts'
import { badInputOn } from '../support/refusals.ts'

const at = (text: string) => Temporal.Instant.from(text)
const zone = (name: string) => parseTimeZone('timezone', name)
const date = (text: string) => parseCalendarDate('date', text)

/** Dates whose neighbours up to a year away are still within the years 1 to 9999. */
const dates = fc
  .integer({ min: -700_000, max: 2_900_000 })
  .map((days) => date(Temporal.PlainDate.from('1970-01-01').add({ days }).toString()))

describe("a learner's day", () => {
  test.each([
    ['Europe/Prague', '2026-01-15', '2026-01-14T23:00:00Z', 24],
    ['Europe/Prague', '2026-03-29', '2026-03-28T23:00:00Z', 23],
    ['Europe/Prague', '2026-07-15', '2026-07-14T22:00:00Z', 24],
    ['Europe/Prague', '2026-10-25', '2026-10-24T22:00:00Z', 25],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    ['Pacific/Kiritimati', '2026-11-24', '2026-11-23T10:00:00Z', 24],
    ['Asia/Kathmandu', '2026-11-24', '2026-11-23T18:15:00Z', 24],
  ])('in %s on %s begins at %s and lasts %i hours', (name, day, begin, hours) => {
    const first = at(begin)
    const last = first.add({ hours }).subtract({ milliseconds: 1 })
    expect(dayAt(first, zone(name))).toBe(day)
    expect(dayAt(last, zone(name))).toBe(day)
    expect(dayAt(first.subtract({ milliseconds: 1 }), zone(name))).toBe(addDays(date(day), -1))
    expect(dayAt(last.add({ milliseconds: 1 }), zone(name))).toBe(addDays(date(day), 1))
  })

  test('is three different dates around the world at one instant', () => {
    const instant = at('2026-11-23T10:30:00Z')
    expect(dayAt(instant, zone('Pacific/Kiritimati'))).toBe('2026-11-24')
    expect(dayAt(instant, zone('Europe/Prague'))).toBe('2026-11-23')
    expect(dayAt(instant, zone('Pacific/Niue'))).toBe('2026-11-22')
  })

  test('may be missing from a calendar: Samoa had no 30 December 2011', () => {
    expect(dayAt(at('2011-12-30T09:59:59.999Z'), zone('Pacific/Apia'))).toBe('2011-12-29')
    expect(dayAt(at('2011-12-30T10:00:00Z'), zone('Pacific/Apia'))).toBe('2011-12-31')
  })
})

describe('arithmetic with dates', () => {
  test.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2026-03-29', -1, '2026-03-28'],
    ['2026-03-29', 0, '2026-03-29'],
  ])('%s and %i days is %s', (from, days, to) => {
    expect(addDays(date(from), days)).toBe(to)
  })

  test('can be taken back, and dates sort as text', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 366 }), (from, days) => {
        const to = addDays(from, days)
        expect(addDays(to, -days)).toBe(from)
        expect(from < to).toBe(true)
      }),
    )
  })
})

describe('a timestamp', () => {
  test('always has milliseconds, and no more', () => {
    expect(toTimestamp(at('2026-11-23T08:30:00Z'))).toBe('2026-11-23T08:30:00.000Z')
    expect(toTimestamp(at('2026-11-23T09:30:00.123456789+01:00'))).toBe('2026-11-23T08:30:00.123Z')
  })

  test('sorts as text', () => {
    const instants = fc.integer({ min: 0, max: 253_402_300_799_999 }).map(Temporal.Instant.fromEpochMilliseconds)
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        const order = toTimestamp(a) < toTimestamp(b) ? -1 : toTimestamp(a) > toTimestamp(b) ? 1 : 0
        expect(order).toBe(Temporal.Instant.compare(a, b))
      }),
    )
  })
})

describe('a date that a caller wrote', () => {
  test('is taken as it is when it exists', () => {
    fc.assert(
      fc.property(dates, (known) => {
        expect(parseCalendarDate('date', known)).toBe(known)
      }),
    )
  })

  test.each(['0001-01-01', '9999-12-31', '2024-02-29', '2000-02-29'])('may be %s', (text) => {
    expect(parseCalendarDate('date', text)).toBe(text)
  })

  test.each(
    [
      [
        '',
        '2026',
        '2026-1-5',
        '26-01-05',
        '20261123',
        '23.11.2026',
        '2026-11-23T00:00:00Z',
        ' 2026-11-23',
        '2026-11-23\n',
      ],
      ['0000-01-01', '-000001-01-01', '+010000-01-01', '10000-01-01', '２０２６-11-23'],
    ].flat(),
  )('is refused when it reads %j', (text) => {
    expect(() => parseCalendarDate('date', text)).toThrow(badInputOn('date'))
    expect(() => parseCalendarDate('date', text)).toThrow('must be a date like 2026-11-23, in the years 0001 to 9999.')
  })

  test.each(['2026-02-29', '1900-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00'])(
    'is refused when it does not exist, as %s',
    (text) => {
      expect(() => parseCalendarDate('occurredOn', text)).toThrow(badInputOn('occurredOn'))
      expect(() => parseCalendarDate('occurredOn', text)).toThrow('must be a date that exists.')
    },
  )
})

describe('a time zone that a caller wrote', () => {
  test('may be any zone that this runtime knows, in any letter case', () => {
    const known = Intl.supportedValuesOf('timeZone')
    expect(known.length).toBeGreaterThan(400)
    for (const name of known) {
      expect(parseTimeZone('timezone', name)).toBe(name)
      expect(parseTimeZone('timezone', name.toUpperCase())).toBe(name)
      expect(parseTimeZone('timezone', name.toLowerCase())).toBe(name)
    }
  })

  test.each([
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['Europe/Kiev', 'Europe/Kiev'],
    ['EUROPE/KIEV', 'Europe/Kiev'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['us/pacific', 'US/Pacific'],
    ['America/port-au-prince', 'America/Port-au-Prince'],
    ['utc', 'UTC'],
    ['etc/gmt+5', 'Etc/GMT+5'],
    ['EST5EDT', 'EST5EDT'],
  ])('may be %s, which is kept as %s', (text, kept) => {
    expect(parseTimeZone('timezone', text)).toBe(kept)
  })

  test('under its old and its new name is the same zone', () => {
    const instant = at('2026-03-29T00:30:00Z')
    expect(dayAt(instant, zone('Europe/Kiev'))).toBe(dayAt(instant, zone('Europe/Kyiv')))
  })

  test.each(
    [
      ['+02:00', '-0500', '+14', '02:00', '−02:00'],
      ['', 'Z', 'z', 'local', 'GMT+5', 'Europe', 'Europe/Praha', 'Europe/Prague ', ' Europe/Prague', 'Europe/Prague\0'],
      [
        'Europe/Prague[u-ca=iso8601]',
        '2026-11-23T00:00Z',
        '2026-11-23T00:00+01:00[Europe/Prague]',
        'Evropa/Praha',
        '../etc',
      ],
    ].flat(),
  )('is refused when it reads %j', (text) => {
    expect(() => parseTimeZone('timezone', text)).toThrow(badInputOn('timezone'))
    expect(() => parseTimeZone('timezone', text)).toThrow('timezone must be an IANA time zone such as Europe/Prague.')
  })
})

describe('a day', () => {
  /** Among them zones that skip days, change at midnight, or by half an hour. */
  const zones = ['Europe/Prague', 'Pacific/Apia', 'Africa/Cairo', 'Australia/Lord_Howe', 'America/Havana', 'UTC'].map(
    zone,
  )
  const hours = fc.integer({ min: 0, max: 24 * 365 * 20 }).map((hour) => Date.UTC(2010, 0, 1) + hour * 3_600_000)
  const near = fc.tuple(hours, fc.integer({ min: -2, max: 2 })).map(([hour, step]) => hour + step * 1_799_999)

  test('is the same whatever was asked for before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(near, fc.constantFrom(...zones)), { minLength: 2, maxLength: 20 }), (asked) => {
        for (const [ms, place] of asked) {
          const instant = Temporal.Instant.fromEpochMilliseconds(ms)
          const local = instant.toZonedDateTimeISO(place)
          expect(dayAt(instant, place)).toBe(local.toPlainDate().toString())
          const midnight = local.add({ days: 1 }).startOfDay().epochMilliseconds
          expect(millisecondsToMidnight(instant, place)).toBe(midnight - ms)
        }
      }),
    )
  })

  test('is followed by another, also when more were asked for than are remembered', () => {
    const first = date('2026-01-01')
    for (let days = 0; days < 12_000; days += 1)
      expect(addDays(first, days)).toBe(Temporal.PlainDate.from(first).add({ days }).toString())
  })
})
