import { describe, expect, test } from 'vitest'
import { linesOf, readModule, readModules, sourceFiles, textOf } from './source.ts'

const FILE_LINES = 250
const FUNCTION_LINES = 40
const FOLDER_DEPTH = 3

const modules = readModules()
const files = sourceFiles().map((path) => ({ path, text: textOf(path) }))

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0

const depthOf = (path: string): number => path.split('/').length - 1

const notes = (text: string): string[] => text.match(/\b(TODO|FIXME|XXX|HACK)\b/g) ?? []

describe('the source', () => {
  test('is seen, and its medians are told', () => {
    const functions = modules.flatMap((module) => module.functions)
    expect(modules.length).toBeGreaterThan(60)
    expect(files.length).toBeGreaterThan(modules.length)
    expect(functions.length).toBeGreaterThan(200)
    const lines = { file: median(modules.map((it) => it.lines)), function: median(functions.map((it) => it.lines)) }
    console.info(`${modules.length} modules: ${lines.file} lines at the median, a function ${lines.function}.`)
  })

  test(`has no file of more than ${FILE_LINES} lines`, () => {
    const long = files.filter(({ text }) => linesOf(text) > FILE_LINES).map(({ path }) => path)
    expect(long).toEqual([])
  })

  test(`has no function of more than ${FUNCTION_LINES} lines`, () => {
    const long = modules.flatMap(({ path, functions }) =>
      functions.filter(({ lines }) => lines > FUNCTION_LINES).map(({ line, lines }) => `${path}:${line} has ${lines}`),
    )
    expect(long).toEqual([])
  })

  test(`is at most ${FOLDER_DEPTH} folders deep`, () => {
    expect(files.filter(({ path }) => depthOf(path) > FOLDER_DEPTH).map(({ path }) => path)).toEqual([])
  })

  test('has no `any`', () => {
    expect(modules.flatMap(({ path, anys }) => anys.map((line) => `${path}:${line}`))).toEqual([])
  })

  test('asserts nowhere that something is not null', () => {
    expect(modules.flatMap(({ path, assertions }) => assertions.map((line) => `${path}:${line}`))).toEqual([])
  })

  test('leaves no notes about what is still to do', () => {
    expect(files.flatMap(({ path, text }) => notes(text).map((note) => `${path}: ${note}`))).toEqual([])
  })
})

describe('the check itself', () => {
  const sample = [
    'export function long(',
    '  list: any[],',
    ') {',
    '  return list.map((it) => it',
    '    .x!.y)',
    '}',
    'const o = { m() { return 1 }, f: async () => {} }',
    'class C { constructor() {} }',
  ].join('\n')
  const module = readModule('x.ts', `${sample}\n`)

  test('measures functions of every kind, each from its first to its last line', () => {
    expect(module.lines).toBe(8)
    expect(module.functions).toEqual([
      { line: 1, lines: 6 },
      { line: 4, lines: 2 },
      { line: 7, lines: 1 },
      { line: 7, lines: 1 },
      { line: 8, lines: 1 },
    ])
  })

  test('finds every `any`, every `!` and every note', () => {
    expect(module.anys).toEqual([2])
    expect(module.assertions).toEqual([4])
    expect(notes('// TODO: later\n/* FIXME */ todo')).toEqual(['TODO', 'FIXME'])
  })

  test('counts the folders above a file', () => {
    expect([depthOf('main.ts'), depthOf('graphql/resolvers/user.ts')]).toEqual([0, 2])
  })

  test('does not go on with a module that it cannot read', () => {
    expect(() => readModule('x.ts', 'const = 1')).toThrow('x.ts: ')
  })
})
