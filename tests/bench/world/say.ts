export const say = (line: string) => process.stdout.write(`${line}\n`)

/** A table in Markdown. */
export function sayTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  say('')
  for (const cells of [head, head.map(() => '---'), ...rows]) say(`| ${cells.join(' | ')} |`)
  say('')
}

export const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`

export const count = (number: number): string => Math.round(number).toLocaleString('en')

const begun = performance.now()

/** A line of progress, with the seconds since the start. */
export const progress = (line: string) =>
  say(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`)
