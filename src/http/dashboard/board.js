import { createCharts } from './charts.js'
import { byId, el, setText } from './dom.js'
import * as format from './format.js'
import { rateOf } from './series.js'
import { createTables, mayBeGone } from './tables.js'

/**
 * @typedef {import('../../domain/cache-report.ts').Snapshot} Snapshot
 * @typedef {import('../../domain/cache-report.ts').WindowStats} WindowStats
 */

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0)

/** What one window comes to. @param {WindowStats | undefined} stats */
function totalsOf(stats) {
  const policies = stats?.policies ?? []
  const hits = sum(policies.map((it) => it.hits))
  const misses = sum(policies.map((it) => it.misses))
  const coalesced = sum(policies.map((it) => it.coalesced))
  return {
    ...{ hits, misses, coalesced, hitRate: rateOf(hits, misses) },
    timeSavedMs: sum(policies.map((it) => it.timeSavedMs)),
    usdSaved: stats?.usdSaved ?? 0,
    usdSpent: stats?.usdSpent ?? 0,
  }
}

/**
 * Each tile: its name, its number and a line that explains it.
 * @param {Snapshot} snapshot @param {WindowStats | undefined} stats @returns {[string, string, string][]}
 */
function tilesOf({ at, nodes, minutes }, stats) {
  const totals = totalsOf(stats)
  const latest = minutes.findLast(({ p99Ms }) => p99Ms !== null)
  const looked = `${format.count(totals.hits)} hits, ${format.count(totals.misses)} misses, ${format.count(totals.coalesced)} coalesced`
  // What a process did before it was gone nobody does now.
  const there = nodes.filter((node) => !mayBeGone(node, at))
  const requests = sum(there.map((node) => node.requestsPerSecond))
  return [
    ['Hit rate', format.orNone(totals.hitRate, format.percent), looked],
    ['Requests', `${format.number(requests)}/s`, `now, of ${format.plural(there.length, 'node')} together`],
    [
      'p99 latency',
      format.orNone(latest?.p99Ms ?? null, format.duration),
      latest ? `in the minute from ${format.clock(latest.at)}` : 'no requests in the last hour',
    ],
    ['Saved', format.usd(totals.usdSaved), 'not paid again to models'],
    ['Spent', format.usd(totals.usdSpent), 'paid to models'],
    ['Time saved', format.duration(totals.timeSavedMs), 'that hits would have taken at the source'],
  ]
}

function createTiles() {
  /** @type {Map<string, { value: Element, note: Element }>} */
  const tiles = new Map()
  /** @param {readonly [string, string, string][]} items */
  return (items) => {
    for (const [name, value, note] of items) {
      const tile = tiles.get(name) ?? { value: el('dd', { class: 'value' }), note: el('dd', { class: 'note' }) }
      if (!tiles.has(name))
        byId('tiles').append(el('div', { class: 'card' }, el('dt', {}, name), tile.value, tile.note))
      tiles.set(name, tile)
      setText(tile.value, value)
      setText(tile.note, note)
    }
  }
}

/** Everything that is shown of a snapshot. @param {(tag: string) => void} explain shows what caches say of a tag */
export function createBoard(explain) {
  const charts = createCharts(byId('charts'))
  const tables = createTables(explain)
  const showTiles = createTiles()
  /** @type {Snapshot | null} */
  let latest = null

  function showWindow() {
    if (!latest) return
    const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector('input[name=window]:checked'))?.value
    const stats = latest.windows.find(({ window }) => window === chosen)
    showTiles(tilesOf(latest, stats))
    tables.showPolicies(stats?.policies ?? [])
  }
  byId('window').addEventListener('change', showWindow)

  return {
    redraw: charts.redraw,
    /** @param {Snapshot} snapshot */
    show(snapshot) {
      latest = snapshot
      const own = snapshot.nodes.find(({ id }) => id === snapshot.node)
      setText(byId('serving'), `Node ${snapshot.node}${own ? ` · version ${own.version}` : ''}`)
      showWindow()
      charts.show(snapshot.minutes)
      tables.show(snapshot)
    },
  }
}
