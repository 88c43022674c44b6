import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const { version: written }: { readonly version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
)

/** Of this release. */
export const version: string = written
