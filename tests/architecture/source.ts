import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Node, parseSync } from 'oxc-parser'

/** What one module takes from elsewhere. */
export interface Import {
  /** A path within `src` for our own modules, such as `domain/ids.ts`; a package's name; or `node:fs`. */
  readonly target: string
  /** Erased before the program runs: `import type`. Inline `type` names do not count, since their module is loaded. */
  readonly typeOnly: boolean
}

/** One function and where it stands. */
export interface Part {
  readonly line: number
  readonly lines: number
}

export interface Module {
  /** Within `src`, with slashes. */
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  readonly functions: readonly Part[]
  /** Every name and every `name.member` that it says, such as `Date` and `process.env`. */
  readonly reaches: readonly string[]
  /** The lines with `any`. */
  readonly anys: readonly number[]
  /** The lines with `value!`. */
  readonly assertions: readonly number[]
}

export const SRC = join(import.meta.dirname, '../../src')

/** Every file below `src` that people write. */
export const sourceFiles = (): string[] =>
  globSync('**/*.*', { cwd: SRC })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('graphql/generated/'))
    .sort()

export const textOf = (path: string): string => readFileSync(join(SRC, path), 'utf8')

export const readModules = (): Module[] =>
  sourceFiles()
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readModule(path, textOf(path)))

/** Reads the syntax tree and not the parser's list of imports, which leaves out `import('./x.ts').Type`. */
export function readModule(path: string, text: string): Module {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const nodes = [...nodesIn(program)]
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length
  const linesWith = (type: Node['type']) => nodes.filter((node) => node.type === type).map(({ start }) => lineAt(start))
  return {
    path,
    lines: linesOf(text),
    imports: nodes.flatMap(importsOf).map(({ target, typeOnly }) => ({ target: targetOf(path, target), typeOnly })),
    functions: nodes
      .filter(({ type }) => FUNCTIONS.includes(type))
      .map(({ start, end }) => ({ line: lineAt(start), lines: lineAt(end) - lineAt(start) + 1 })),
    reaches: nodes
      .filter(({ type }) => type === 'Identifier' || type === 'MemberExpression')
      .map(({ start, end }) => text.slice(start, end)),
    anys: linesWith('TSAnyKeyword'),
    assertions: linesWith('TSNonNullExpression'),
  }
}

const FUNCTIONS: readonly Node['type'][] = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']

/** A node and all that is below it, in the order of the text. */
function* nodesIn(value: unknown): Generator<Node> {
  if (isNode(value)) yield value
  if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) yield* nodesIn(child)
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value

function importsOf(node: Node): Import[] {
  switch (node.type) {
    case 'ImportDeclaration':
      return [{ target: node.source.value, typeOnly: node.importKind === 'type' }]
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source ? [{ target: node.source.value, typeOnly: node.exportKind === 'type' }] : []
    case 'ImportExpression':
      return [{ target: textOfLiteral(node.source) ?? 'something computed', typeOnly: false }]
    case 'TSImportType':
      return [{ target: node.source.value, typeOnly: true }]
    default:
      return []
  }
}

const textOfLiteral = (node: Node): string | null =>
  node.type === 'Literal' && typeof node.value === 'string' ? node.value : null

export const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length

function targetOf(importer: string, specifier: string): string {
  if (specifier.startsWith('.')) return new URL(specifier, `file:///${importer}`).pathname.slice(1)
  if (specifier.startsWith('node:')) return specifier
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
