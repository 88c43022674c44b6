import { el, setText } from './dom.js'
import * as format from './format.js'
import { CHARTS, dataOf, isEmpty, lonely, summary } from './series.js'

/**
 * @typedef {import('./series.js').ChartSpec} ChartSpec
 * @typedef {import('./series.js').ChartData} ChartData
 */

/** It comes by a script of its own, before this one. */
const { uPlot } = /** @type {{ uPlot: typeof import('uplot') }} */ (/** @type {unknown} */ (globalThis))

const HEIGHT = 190

const clock = (/** @type {number} */ seconds) => format.clock(seconds * 1_000)

/** What the style sheet has painted a part of the page with: a canvas has no styles of its own. @param {Element} part */
const colourOf = (part, property = 'color') => getComputedStyle(part).getPropertyValue(property)

/** The parts of a chart that are no drawing. @param {ChartSpec} spec */
function createFigure({ id, title, note, empty, lines }) {
  const readings = lines.map(() => el('strong'))
  const swatches = lines.map((_, index) => el('i', { class: index === 0 ? 'swatch' : 'swatch second' }))
  const legend = lines.map(({ label }, index) =>
    el('span', {}, swatches[index] ?? '', `${label} `, readings[index] ?? ''),
  )
  const when = el('span', { class: 'when' })
  const plot = el('div', { class: 'plot', role: 'img' })
  const nothing = el('p', { class: 'empty' }, empty)
  const caption = el('figcaption', {}, el('h3', {}, title), el('p', { class: 'note' }, note))
  const reader = el('p', { class: 'legend', 'aria-hidden': 'true' }, ...legend, when)
  const figure = el('figure', { class: 'card chart', id: `chart-${id}` }, caption, reader, plot, nothing)
  return { figure, plot, nothing, readings, swatches, when }
}

/**
 * @param {ReturnType<typeof createFigure>} parts @param {(at: number[]) => string[]} values
 * @returns {import('uplot').Axis}
 */
const axisOf = ({ figure, when }, values) => ({
  stroke: () => colourOf(when),
  font: '12px system-ui, sans-serif',
  grid: { stroke: () => colourOf(figure, 'border-top-color'), width: 1 },
  ticks: { show: false },
  values: (_, at) => values(at),
})

/**
 * The scale begins at nothing, so that no change looks larger than it is.
 * @param {ChartSpec} spec @returns {import('uplot').Scale.Range}
 */
const rangeOf =
  ({ most }) =>
  (_, __, max) => [0, most ?? (max || 1) * 1.1]

/**
 * Points where there would be nothing to see of a line.
 * @param {() => string} colour @returns {import('uplot').Series.Points}
 */
const pointsOf = (colour) => ({
  ...{ show: false, size: 5, fill: colour },
  filter: ({ data }, line) => {
    const lone = lonely([...(data[line] ?? [])])
    return lone.length > 0 ? lone : null
  },
})

/**
 * @param {ChartSpec} spec @param {ReturnType<typeof createFigure>} parts @param {(index: number | null) => void} point
 * @returns {import('uplot').Options}
 */
const optionsOf = (spec, parts, point) => ({
  width: 300,
  height: HEIGHT,
  legend: { show: false },
  padding: [8, 8, 0, 0],
  cursor: { drag: { x: false, y: false }, y: false, sync: { key: 'minutes' }, points: { size: 7 } },
  scales: { y: { range: rangeOf(spec) } },
  axes: [
    { ...axisOf(parts, (at) => at.map(clock)), space: 60, size: 28 },
    { ...axisOf(parts, (at) => at.map((value) => spec.format(value))), size: 64 },
  ],
  series: [
    {},
    ...spec.lines.map((_, index) => {
      const colour = () => colourOf(parts.swatches[index] ?? parts.figure)
      // Lines differ by more than their colour.
      return { width: 2, stroke: colour, points: pointsOf(colour), ...(index > 0 && { dash: [6, 4] }) }
    }),
  ],
  hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
})

/** @param {ChartSpec} spec */
function createChart(spec) {
  const parts = createFigure(spec)
  const { figure, plot, nothing, readings, when } = parts
  /** @type {ChartData} */
  let data = [[]]

  /** Says what the lines are at a minute; without one, the latest. @param {number | null} index */
  function point(index) {
    const [at, ...values] = data
    readings.forEach((reading, line) => {
      const value = index === null ? values[line]?.findLast((each) => each !== null) : values[line]?.[index]
      setText(reading, format.orNone(value ?? null, spec.format))
    })
    const seconds = index === null ? undefined : at[index]
    setText(when, seconds === undefined ? 'latest' : `at ${clock(seconds)}`)
  }

  const chart = new uPlot(optionsOf(spec, parts, point), data, plot)
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0)
    if (width > 0 && width !== chart.width) chart.setSize({ width, height: HEIGHT })
  }).observe(plot)

  return {
    figure,
    redraw: () => chart.redraw(false),
    /** @param {readonly import('./series.js').MinuteStats[]} minutes */
    show(minutes) {
      data = dataOf(spec, minutes)
      const [, ...values] = data
      nothing.hidden = !isEmpty(values)
      plot.classList.toggle('nothing', isEmpty(values))
      plot.setAttribute('aria-label', summary(spec, values))
      chart.setData(data)
      point(chart.cursor.idx ?? null)
    },
  }
}

/** @param {HTMLElement} place */
export function createCharts(place) {
  const charts = CHARTS.map(createChart)
  place.replaceChildren(...charts.map(({ figure }) => figure))
  return {
    /** Colours are asked for while drawing. */
    redraw() {
      for (const chart of charts) chart.redraw()
    },
    /** @param {readonly import('./series.js').MinuteStats[]} minutes */
    show(minutes) {
      for (const chart of charts) chart.show(minutes)
    },
  }
}
