import * as format from './format.js'

/**
 * @typedef {import('../../domain/cache-report.ts').MinuteStats} MinuteStats
 * @typedef {{ label: string, of: (minute: MinuteStats) => number | null }} Line
 * @typedef {[number[], ...(number | null)[][]]} ChartData Seconds first, then each line's values.
 * @typedef {{
 *   id: string, title: string, note: string, empty: string,
 *   format: (value: number) => string,
 *   lines: readonly Line[],
 *   sums?: boolean, wholeMinutes?: boolean, most?: number,
 * }} ChartSpec
 */

/** @param {number} hits @param {number} misses */
export const rateOf = (hits, misses) => (hits + misses === 0 ? null : hits / (hits + misses))

/** What is drawn of the last minutes. @type {readonly ChartSpec[]} */
export const CHARTS = [
  {
    id: 'hit-rate',
    title: 'Hit rate',
    note: 'Hits of all that was looked for, each minute',
    empty: 'Each minute in which anything is looked for in a cache will be a point here.',
    format: format.percent,
    most: 1,
    lines: [{ label: 'Hit rate', of: ({ hits, misses }) => rateOf(hits, misses) }],
  },
  {
    id: 'answers',
    title: 'Answers a minute',
    note: 'Whole minutes only; from cache: nothing was asked of the database or a model',
    empty: 'Each minute with requests will be a point here.',
    format: format.number,
    wholeMinutes: true,
    lines: [
      { label: 'From cache', of: ({ answeredFromCache }) => answeredFromCache },
      { label: 'All requests', of: ({ requests }) => requests },
    ],
  },
  {
    id: 'latency',
    title: 'Latency',
    note: 'Within which half, and 99 of 100, of a minute’s requests were answered',
    empty: 'Each minute with requests will be a point here.',
    format: format.duration,
    lines: [
      { label: 'p50', of: ({ p50Ms }) => p50Ms },
      { label: 'p99', of: ({ p99Ms }) => p99Ms },
    ],
  },
  {
    id: 'cost',
    title: 'Cost of models',
    note: 'US dollars, added up from the left',
    empty: 'What models cost, and what remembered answers did not cost again, will be drawn here.',
    format: format.usd,
    sums: true,
    lines: [
      { label: 'Saved', of: ({ usdSaved }) => usdSaved },
      { label: 'Spent', of: ({ usdSpent }) => usdSpent },
    ],
  },
]

/**
 * The chart's data as the library wants it.
 * @param {ChartSpec} spec @param {readonly MinuteStats[]} minutes
 * @returns {ChartData}
 */
export function dataOf({ lines, sums, wholeMinutes }, minutes) {
  // The minute that runs would look like a fall.
  const drawn = wholeMinutes ? minutes.slice(0, -1) : minutes
  const values = lines.map(({ of }) => {
    let sum = 0
    return drawn.map((minute) => {
      const value = of(minute)
      if (!sums) return value
      sum += value ?? 0
      return sum
    })
  })
  return [drawn.map(({ at }) => at / 1_000), ...values]
}

/** Whether there is anything to draw. @param {readonly (readonly (number | null)[])[]} values */
export const isEmpty = (values) => values.every((line) => line.every((value) => !value))

/**
 * Which values have none beside them: a line through them alone would not be seen.
 * @param {readonly (number | null | undefined)[]} values
 */
export const lonely = (values) =>
  values.flatMap((value, at) => (value != null && values[at - 1] == null && values[at + 1] == null ? [at] : []))

/** The chart in words. @param {ChartSpec} spec @param {readonly (readonly (number | null)[])[]} values */
export function summary(spec, values) {
  const parts = spec.lines.map(({ label }, index) => {
    const known = (values[index] ?? []).filter((value) => value !== null)
    const latest = known.at(-1)
    if (latest === undefined) return `${label}: nothing yet.`
    const [least, most] = [Math.min(...known), Math.max(...known)].map(spec.format)
    return `${label}: from ${least} to ${most}, latest ${spec.format(latest)}.`
  })
  return `${spec.title}, last 60 minutes. ${parts.join(' ')}`
}
