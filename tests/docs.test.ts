import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readConfig, VARIABLES } from '../src/config.ts'
import { ERROR_CODES } from '../src/domain/error.ts'
import { LIMITS } from '../src/graphql/limits.ts'
import { BODY_MAX } from '../src/http/server.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const pages = ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })]

/** The cells of each table row whose first cell is one name in code style. */
function namedRows(page: string): string[][] {
  const rows = read(page).matchAll(/^\| `(\w+)` \|(.*)\|$/gm)
  return [...rows].map(([, name = '', rest = '']) => [name, ...rest.split(' | ').map((cell) => cell.trim())])
}

/** Every match of the pattern's first group that took part, with the page it stands on. */
function mentions(pattern: RegExp): { page: string; text: string }[] {
  return pages.flatMap((page) =>
    [...read(page).matchAll(pattern)].map(([, ...groups]) => ({ page, text: groups.find(Boolean) ?? '' })),
  )
}

describe('the reference', () => {
  test('explains every error code and no other', () => {
    expect(namedRows('docs/reference/errors.md').map(([code]) => code)).toEqual(ERROR_CODES)
  })

  test('explains every variable and no other, with its default', () => {
    const rows = namedRows('docs/reference/environment.md')
    expect(rows.map(([name]) => name)).toEqual(VARIABLES)
    const defaults = rows.map(([name = '', value = '']) => [name, value.replaceAll('`', '')])
    expect(Object.fromEntries(defaults.filter(([, value]) => value !== ''))).toEqual(parseEnv(read('.env.example')))
  })

  test('states every limit of an operation, and that of a body', () => {
    const stated = namedRows('docs/reference/limits.md').map(([name, number]) => [name, Number(number)])
    expect(Object.fromEntries(stated.slice(0, Object.keys(LIMITS).length))).toEqual(LIMITS)
    expect(read('docs/reference/limits.md')).toContain(`| Body | ${BODY_MAX / 1024} KiB`)
  })
})

describe('.env.example', () => {
  test('names every variable and no other', () => {
    const names = [...read('.env.example').matchAll(/^(?:# )?([A-Z0-9_]+)=/gm)].map(([, name]) => name)
    expect(names).toEqual(VARIABLES)
  })

  test('copied unchanged is the default configuration', () => {
    expect(Object.keys(parseEnv(read('.env.example'))).length).toBeGreaterThan(0)
    expect(readConfig(parseEnv(read('.env.example')))).toEqual(readConfig({}))
  })
})

describe('every page', () => {
  test('names only npm scripts that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'))
    const named = mentions(/\bnpm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g)
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter(({ text }) => !(text in scripts))).toEqual([])
  })

  test('links only to files that exist', () => {
    const links = mentions(/\]\((?![a-z]+:)([^)#\s]+)[^)]*\)/g)
    expect(links.length).toBeGreaterThan(40)
    expect(links.filter(({ page, text }) => !existsSync(join(root, dirname(page), text)))).toEqual([])
  })

  test('is linked from the map of the docs', () => {
    const map = 'docs/README.md'
    const linked = mentions(/\]\(([^)]+\.md)\)/g).filter(({ page }) => page === map)
    const expected = pages.filter((page) => page.startsWith('docs/') && page !== map)
    expect(linked.map(({ text }) => join('docs', text)).sort()).toEqual(expected.sort())
  })
})
