/** Numbers and times as people read them. The page is in English, so its numbers are. */
const LOCALE = 'en'

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 })
const three = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 })
const percents = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 })
const cents = new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'USD' })
const mills = new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 })
const ago = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'always', style: 'short' })
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' })
const minute = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** Where there is nothing to say. */
export const NONE = '–'

/** @param {number | null} value @param {(value: number) => string} format */
export const orNone = (value, format) => (value === null ? NONE : format(value))

/** @param {number} value */
export const count = (value) => (value < 100_000 ? whole.format(value) : compact.format(value))

/** @param {number} value */
export const number = (value) => (value < 100 ? three.format(value) : count(value))

/** @param {number} value from 0 to 1 */
export const percent = (value) => percents.format(value)

/** What is less than ten cents would be nothing in cents. @param {number} value */
export const usd = (value) => (value !== 0 && Math.abs(value) < 0.1 ? mills : cents).format(value)

/** @param {number} value */
export function bytes(value) {
  if (value < 1024) return `${whole.format(value)} B`
  const power = value < 1024 ** 2 ? 1 : value < 1024 ** 3 ? 2 : 3
  return `${three.format(value / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB'][power]}`
}

/** @type {readonly [number, Intl.RelativeTimeFormatUnit, string][]} */
const UNITS = [
  [86_400_000, 'day', 'd'],
  [3_600_000, 'hour', 'h'],
  [60_000, 'minute', 'min'],
  [1_000, 'second', 's'],
]

/** A span of time. @param {number} milliseconds */
export function duration(milliseconds) {
  const [size, , name] = UNITS.find(([each]) => Math.abs(milliseconds) >= each) ?? [1, '', 'ms']
  return `${three.format(milliseconds / size)} ${name}`
}

/** When something was or will be, seen from `now`. @param {number} at @param {number} now */
export function relative(at, now) {
  const [size, unit] = UNITS.find(([each]) => Math.abs(at - now) >= each) ?? [1_000, 'second']
  return ago.format(Math.round((at - now) / (size ?? 1_000)), /** @type {Intl.RelativeTimeFormatUnit} */ (unit))
}

/** @param {number} at */
export const exactly = (at) => exact.format(at)

/** @param {number} at */
export const clock = (at) => minute.format(at)

/** @param {number} many @param {string} one */
export const plural = (many, one, more = `${one}s`) => `${count(many)} ${many === 1 ? one : more}`

/** JSON with line breaks. Its text is not taken apart, so that no digit of a large number is lost. @param {string} json */
export function pretty(json) {
  let depth = 0
  const line = () => `\n${'  '.repeat(depth)}`
  return json.replace(/"(?:[^"\\]|\\.)*"|\[\s*\]|\{\s*\}|[[\]{},:]|\s+/g, (part) => {
    if (part[0] === '"' || (part.length > 1 && /^[[{]/.test(part))) return part
    if (part === ',') return `,${line()}`
    if (part === ':') return ': '
    if (part === '[' || part === '{') {
      depth += 1
      return part + line()
    }
    if (part === ']' || part === '}') {
      depth = Math.max(0, depth - 1)
      return line() + part
    }
    return ''
  })
}
