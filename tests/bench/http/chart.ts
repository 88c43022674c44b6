import { count } from '../world/say.ts'
import type { Result } from './contest.ts'
import type { Outcome } from './report.ts'

const WIDTH = 860
const LABELS = 330
const NUMBERS = 80
const ROW = 22
const HEADING = 40
const MARGIN = 16

/** Colours that can be read on white and on black; where the reader's choice is known, the text follows it. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #57606a }
  .case { font-weight: 600; font-size: 14px }
  .ours { fill: #1a7f37 }
  .bare { fill: #8250df }
  .peer { fill: #8c959f }
  @media (prefers-color-scheme: dark) {
    text { fill: #c9d1d9 }
    .ours { fill: #3fb950 }
    .bare { fill: #a371f7 }
    .peer { fill: #6e7681 }
  }`

/** Requests per second as bars, each case to its own scale. */
export function chartOf(outcomes: readonly Outcome[]): string {
  let y = MARGIN
  const groups = outcomes.map((outcome) => {
    const group = groupOf(outcome, y)
    y += HEADING + ROW * outcome.results.length
    return group
  })
  const height = y + MARGIN
  const title = 'Requests per second over HTTP, ours beside other servers'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<title>${title}</title>
<style>${STYLE}
</style>
${groups.join('\n')}
</svg>
`
}

function groupOf({ it, results }: Outcome, top: number): string {
  const most = Math.max(...results.map(({ perSecond }) => perSecond))
  const bars = results.map((result, index) => barOf(result, top + HEADING - ROW / 2 + index * ROW, most))
  return [`<text class="case" x="${MARGIN}" y="${top + 16}">${it.name}, requests/s</text>`, ...bars].join('\n')
}

function barOf({ contender, perSecond }: Result, y: number, most: number): string {
  const width = Math.max(1, ((WIDTH - LABELS - NUMBERS - MARGIN) * perSecond) / most)
  const middle = y + ROW / 2 + 1
  return [
    `<text x="${LABELS - 8}" y="${middle}" text-anchor="end">${contender.name}</text>`,
    `<rect class="${contender.kind}" x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 6}" rx="2"/>`,
    `<text x="${(LABELS + width + 6).toFixed(1)}" y="${middle}">${count(perSecond)}</text>`,
  ].join('\n')
}
