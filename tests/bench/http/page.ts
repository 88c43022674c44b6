import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const REFERENCE = join(import.meta.dirname, '../../../docs/reference')
const PART = /(<!-- bench:http -->\n)[\s\S]*?(<!-- \/bench:http -->)/

/** Puts what was measured where readers look for it. */
export function writePage(markdown: string, chart: string): void {
  writeFileSync(join(REFERENCE, 'http.svg'), chart)
  const page = join(REFERENCE, 'performance.md')
  const before = readFileSync(page, 'utf8')
  if (!PART.test(before)) throw new Error('docs/reference/performance.md has no place for these numbers.')
  const part = `\n![Requests per second over HTTP](http.svg)\n\n${markdown}\n\n`
  writeFileSync(
    page,
    before.replace(PART, (_, open: string, close: string) => open + part + close),
  )
}
