import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { countsOf, sourcesOf } from './sources.ts'

const docs = join(import.meta.dirname, '../../docs/reference')
const dashboard = readFileSync(join(docs, 'grafana-dashboard.json'), 'utf8')
const rules = readFileSync(join(docs, 'alert-rules.yml'), 'utf8')

interface Told {
  readonly type: string
  readonly help: string
  readonly labels: ReadonlySet<string>
}

/** Every metric, with the labels that it has: something has happened of each kind. */
async function allMetrics(): Promise<ReadonlyMap<string, Told>> {
  const counts = countsOf()
  counts.cache.report({ kind: 'resynced', reason: 'gap' })
  counts.requests.report({ operation: 'Home', cache: 'HIT', codes: ['NOT_FOUND'], signedIn: true, ms: 1 })
  counts.upstream.report({ kind: 'answered', model: 'm', tokens: null, usd: null, milliseconds: 1 })
  const shared = () => ({ sockets: 1, socketsMax: 2, memoryBytes: 3, memoryMaxBytes: 4 })
  const usage = () => ({
    ...{ bytes: 0, maxBytes: 0, evictions: 0, overtaken: 0 },
    kinds: [{ name: 'profile', entries: 0, bytes: 0, born: 0 }],
  })
  const text = await createMetrics(sourcesOf({ counts, shared, usage })).read()
  const told = new Map<string, { type: string; help: string; labels: Set<string> }>()
  for (const line of text.split('\n')) {
    const [, name = '', help = ''] = /^# HELP (\w+) (.*)$/.exec(line) ?? []
    if (name !== '') told.set(name, { type: '', help, labels: new Set() })
    const [, typed = '', type = ''] = /^# TYPE (\w+) (\w+)$/.exec(line) ?? []
    const about = told.get(typed)
    if (about) about.type = type
    const [, sample = '', labels = ''] = /^(\w+)\{(.*)\} \S+$/.exec(line) ?? []
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) told.get(familyOf(sample, told))?.labels.add(label)
  }
  return told
}

/** A histogram's samples have names of their own. */
const familyOf = (name: string, known: ReadonlyMap<string, unknown>): string =>
  known.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')

/** What Prometheus adds by itself. */
const OF_PROMETHEUS = new Set(['job', 'instance', 'le'])

const OURS = /\b(?:honzik|process|nodejs)_\w+/g

const metrics = await allMetrics()

/** The expressions in the dashboard and in the rules. */
const expressions: readonly string[] = [
  ...[...dashboard.matchAll(/"(?:expr|definition)": ("(?:[^"\\]|\\.)*")/g)].map(([, json = '""']) =>
    String(JSON.parse(json)),
  ),
  ...[...rules.matchAll(/expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/g)].map(([, block, line]) => block ?? line ?? ''),
]

const labelsOf = (name: string): readonly string[] => [...(metrics.get(familyOf(name, metrics))?.labels ?? [])]

/** The labels that no sample could have: those of a selector by its own metric, those of a group by any. */
function strangeLabels(expression: string): string[] {
  const isStrange = (label: string, known: readonly string[]) => !OF_PROMETHEUS.has(label) && !known.includes(label)
  const selectors = [...expression.matchAll(/(\w*)\{([^}]*)\}/g)].flatMap(([, name = '', matchers = '']) => {
    const known = labelsOf(name)
    return [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)]
      .map(([, label = '']) => label)
      .filter((label) => isStrange(label, known))
  })
  const all = [...expression.matchAll(OURS)].flatMap(([name]) => labelsOf(name))
  const groups = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/))
  return [...selectors, ...groups.filter((label) => isStrange(label, all))]
}

describe('the dashboard for Grafana and the alert rules', () => {
  test('are seen: a check of nothing would always pass', () => {
    expect(expressions.length).toBeGreaterThan(40)
    expect(expressions.filter((each) => each.includes('honzik_cache_stale_total'))).toHaveLength(2)
    expect(metrics.size).toBeGreaterThan(40)
  })

  test.each(expressions.map((each) => [each]))('name only metrics that exist: %s', (expression) => {
    const named = [...expression.matchAll(OURS)].map(([name]) => familyOf(name, metrics))
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !metrics.has(name))).toEqual([])
  })

  test.each(expressions.map((each) => [each]))('name only labels that these have: %s', (expression) => {
    expect(strangeLabels(expression)).toEqual([])
  })

  test('would be found to name a label that another metric in the same expression has', () => {
    const [answers, errors] = ['honzik_request_duration_seconds_count', 'honzik_request_errors_total']
    expect(strangeLabels(`${errors}{code="X"} / ${answers}{operation=~"A", cache!="HIT"}`)).toEqual([])
    expect(strangeLabels(`${errors}{operation="A"} / ${answers}{operation="A"}`)).toEqual(['operation'])
    expect(strangeLabels(`sum by (code) (${answers}) / ${errors}`)).toEqual([])
    expect(strangeLabels(`sum by (operation) (${errors})`)).toEqual(['operation'])
    expect(strangeLabels('sum({code="X"})')).toEqual(['code'])
  })

  test('the dashboard is JSON, whose panels have names, places and questions', () => {
    const { panels } = JSON.parse(dashboard)
    const asking = panels.filter(({ type }: { type: string }) => type !== 'row')
    expect(asking.length).toBeGreaterThan(20)
    for (const { title, gridPos, targets } of asking) {
      expect(title).toMatch(/\w/)
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      expect(targets.length).toBeGreaterThan(0)
    }
    expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length)
  })

  test('the rules point to documents that are there', () => {
    const named = [...rules.matchAll(/docs\/[\w/-]+\.md/g)].map(([path]) => path)
    expect(named.length).toBeGreaterThan(3)
    for (const path of named) expect(readFileSync(join(docs, '../..', path), 'utf8')).toMatch(/^# /)
  })
})

test('the reference has every metric of ours', async () => {
  const own = [...metrics].filter(([name]) => name.startsWith('honzik_'))
  const lines = own.map(([name, { type, labels, help }]) => {
    const shown = [...labels].filter((label) => label !== 'le').map((label) => `\`${label}\``)
    return `| \`${name}\` | ${type} | ${shown.join(', ')} | ${help.replaceAll('|', '\\|')} |`
  })
  const written = readFileSync(join(docs, 'metrics.md'), 'utf8')
  expect(written.split('\n').filter((line) => line.startsWith('| `honzik_'))).toEqual(lines)
})
