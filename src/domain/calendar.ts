import { badInput } from './error.ts'

declare const brand: unique symbol

/**
 * A calendar date, `YYYY-MM-DD`, years 0001 to 9999. Text and not an object, because entities are plain JSON data;
 * in this form dates also sort as text. Arithmetic happens in `Temporal`.
 */
export type CalendarDate = string & { readonly [brand]: 'CalendarDate' }

/** An instant in UTC with milliseconds, `YYYY-MM-DDTHH:mm:ss.sssZ`; sorts as text. */
export type Timestamp = string & { readonly [brand]: 'Timestamp' }

/** A valid IANA time zone name. */
export type TimeZone = string & { readonly [brand]: 'TimeZone' }

/** Tells the time. Everything that depends on "now" is given one. */
export type Clock = () => Temporal.Instant

export const toCalendarDate = (date: Temporal.PlainDate): CalendarDate => date.toString() as CalendarDate

export const toTimestamp = (instant: Temporal.Instant): Timestamp =>
  instant.toString({ fractionalSecondDigits: 3 }) as Timestamp

/** As far as a clock may go, in milliseconds since 1970. */
const LAST_MS = 8.64e15

/** The same of milliseconds since 1970, whatever they are said to be. */
export const timestampAt = (ms: number): Timestamp =>
  toTimestamp(Temporal.Instant.fromEpochMilliseconds(Math.max(-LAST_MS, Math.min(LAST_MS, Math.floor(ms)))))

/** Vouches for a date that comes from our own database. */
export const dateFromRow = (date: string): CalendarDate => date as CalendarDate

/** A calendar day of a zone, and the instants between which it lies, in milliseconds since 1970, the second excluded. */
interface Day {
  readonly date: CalendarDate
  readonly from: number
  readonly to: number
}

/** The day that was asked for last in each zone: mostly it is asked for again, and `Temporal` takes its time. */
const lastDays = new Map<TimeZone, Day>()

function dayOf(instant: Temporal.Instant, zone: TimeZone): Day {
  const now = instant.epochMilliseconds
  const last = lastDays.get(zone)
  if (last && last.from <= now && now < last.to) return last
  const local = instant.toZonedDateTimeISO(zone)
  const day = {
    date: toCalendarDate(local.toPlainDate()),
    from: local.startOfDay().epochMilliseconds,
    to: local.add({ days: 1 }).startOfDay().epochMilliseconds,
  }
  lastDays.set(zone, day)
  return day
}

/** The calendar date at `instant` in `zone`: a learner's day, daylight saving time included. */
export const dayAt = (instant: Temporal.Instant, zone: TimeZone): CalendarDate => dayOf(instant, zone).date

/** Milliseconds from `instant` to the end of its day in `zone`, more than 0; days of 23 and 25 hours included. */
export const millisecondsToMidnight = (instant: Temporal.Instant, zone: TimeZone): number =>
  dayOf(instant, zone).to - instant.epochMilliseconds

/** Dates that were reckoned already: everybody asks for the same few days. */
const reckoned = new Map<string, CalendarDate>()
const RECKONED_MAX = 10_000

/** The date `days` calendar days after `date`; before it when negative. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  const sum = `${date}+${days}`
  const known = reckoned.get(sum)
  if (known !== undefined) return known
  const later = toCalendarDate(Temporal.PlainDate.from(date).add({ days }))
  if (reckoned.size >= RECKONED_MAX) reckoned.clear()
  reckoned.set(sum, later)
  return later
}

/** @throws BAD_USER_INPUT naming `field` for a date outside the years 1 to 9999. */
export function parseCalendarDate(field: string, text: string): CalendarDate {
  const wellFormed = /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000')
  if (!wellFormed) throw badInput(field, 'must be a date like 2026-11-23, in the years 0001 to 9999.')
  try {
    return toCalendarDate(Temporal.PlainDate.from(text))
  } catch {
    throw badInput(field, 'must be a date that exists.')
  }
}

/**
 * Accepts the names of the IANA time zone database, links included, in any letter case, and returns their usual
 * spelling. Offsets like `+02:00` are refused: they know nothing of daylight saving time.
 * @throws BAD_USER_INPUT naming `field`.
 */
export function parseTimeZone(field: string, text: string): TimeZone {
  const problem = 'must be an IANA time zone such as Europe/Prague.'
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text)) throw badInput(field, problem)
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId as TimeZone
  } catch {
    throw badInput(field, problem)
  }
}
