import { byId, createTable } from './dom.js'
import * as format from './format.js'

/**
 * @typedef {import('../../domain/cache-report.ts').Snapshot} Snapshot
 * @typedef {import('../../domain/cache-report.ts').NodeState} NodeState
 * @typedef {import('../../domain/cache-report.ts').PolicyStats} PolicyStats
 * @typedef {import('./dom.js').Cell} Cell
 */

/** Milliseconds without a word after which a node may be gone. */
const SILENT_MS = 15_000

/** @param {NodeState} node @param {number} now */
export const mayBeGone = (node, now) => now - node.seenAt > SILENT_MS

const WORDS = /** @type {const} */ ({
  HEALTHY: ['Healthy', 'good'],
  DEGRADED: ['Degraded', 'warn'],
  UNHEALTHY: ['Unhealthy', 'bad'],
  UNAVAILABLE: ['Unavailable', 'bad'],
  DISABLED: ['Not used', 'off'],
})

/** A word with a sign before it, which style sheets add. @param {keyof typeof WORDS} status @returns {Cell} */
const statusCell = (status) => {
  const [text, kind] = WORDS[status] ?? [status, 'off']
  return { text, className: `state ${kind}` }
}

/** @param {boolean | null} isOpen @returns {Cell} */
function breakerCell(isOpen) {
  if (isOpen === null) return { text: 'None', title: 'No Redis', className: 'state off' }
  return isOpen
    ? { text: 'Open', title: 'Redis is not asked at the moment', className: 'state bad' }
    : { text: 'Closed', title: 'Redis is asked', className: 'state good' }
}

/** @param {string} text @param {boolean} isHigh @returns {Cell} */
const numberCell = (text, isHigh = false) => ({ text, className: isHigh ? 'number state warn' : 'number' })

/** @param {number} at @param {number} now @returns {Cell} */
const timeCell = (at, now) => ({ text: format.relative(at, now), title: format.exactly(at) })

/** @param {NodeState} node @param {number} at @returns {Cell} */
function seenCell(node, at) {
  const cell = timeCell(node.seenAt, at)
  return mayBeGone(node, at) ? { ...cell, text: `${cell.text}, may be gone`, className: 'state warn' } : cell
}

/** @param {NodeState} node @param {Snapshot} snapshot @returns {(string | Cell)[]} */
const nodeCells = (node, { at, node: teller }) => [
  { text: node.id === teller ? `${node.id} (this one)` : node.id, className: 'code' },
  node.version,
  statusCell(node.status),
  statusCell(node.redis),
  breakerCell(node.breakerOpen),
  statusCell(node.database),
  numberCell(format.orNone(node.lagMs, format.duration)),
  numberCell(format.orNone(node.backlog, format.count), (node.backlog ?? 0) > 1_000),
  {
    text: `${format.bytes(node.memoryBytes)} of ${format.bytes(node.memoryMaxBytes)}`,
    title: format.plural(node.memoryEntries, 'entry', 'entries'),
    share: node.memoryMaxBytes > 0 ? node.memoryBytes / node.memoryMaxBytes : 0,
  },
  numberCell(format.duration(node.eventLoopP99Ms), node.eventLoopP99Ms > 100),
  numberCell(format.number(node.requestsPerSecond)),
  timeCell(node.startedAt, at),
  seenCell(node, at),
]

const NODE_COLUMNS = [
  ...['Node', 'Version', 'Status', 'Redis', 'Breaker', 'Database', 'Lag', 'Backlog', 'Memory', 'Event loop p99'],
  ...['Requests/s', 'Started', 'Last seen'],
]

/** @param {PolicyStats} it @returns {(string | Cell)[]} */
const policyCells = (it) => [
  { text: it.policy, className: 'code' },
  { text: format.orNone(it.hitRate, format.percent), share: it.hitRate },
  numberCell(format.count(it.hits)),
  numberCell(format.count(it.misses)),
  numberCell(format.count(it.coalesced)),
  numberCell(format.count(it.entries)),
  numberCell(format.bytes(it.bytes)),
  numberCell(format.orNone(it.ageSeconds, (age) => format.duration(age * 1_000))),
  numberCell(format.count(it.invalidations)),
  numberCell(format.duration(it.timeSavedMs)),
]

const POLICY_COLUMNS = [
  ...['Policy', 'Hit rate', 'Hits', 'Misses', 'Coalesced', 'Entries now', 'Bytes now', 'Mean age', 'Invalidations'],
  'Time saved',
]

function createAll() {
  return {
    nodes: createTable({
      label: 'Nodes',
      columns: NODE_COLUMNS,
      empty: 'Each process that serves will be listed here.',
    }),
    policies: createTable({
      label: 'Policies in the chosen window',
      columns: POLICY_COLUMNS,
      empty: 'Each kind of thing that is cached will be listed here once it is asked for.',
    }),
    keys: createTable({
      label: 'Top keys',
      columns: ['Tag', 'Part of reads'],
      empty: 'What is asked for most will be listed here.',
    }),
    changes: createTable({
      label: 'Recent invalidations',
      columns: ['When', 'Tags'],
      empty: 'Changes that make cached things stale will be listed here.',
    }),
  }
}

/** @param {(tag: string) => void} explain */
export function createTables(explain) {
  const tables = createAll()
  for (const [name, { whole }] of Object.entries(tables)) byId(name).replaceChildren(whole)

  return {
    /** @param {readonly PolicyStats[]} policies */
    showPolicies: (policies) =>
      tables.policies.show(policies.map((it) => ({ key: it.policy, cells: policyCells(it) }))),

    /** @param {Snapshot} snapshot */
    show(snapshot) {
      tables.nodes.show(snapshot.nodes.map((node) => ({ key: node.id, cells: nodeCells(node, snapshot) })))
      tables.keys.show(
        snapshot.topKeys.map(({ tag, share }) => ({
          key: tag,
          cells: [
            { text: tag, className: 'code', press: { label: `Explain ${tag}`, run: () => explain(tag) } },
            { text: format.percent(share), share },
          ],
        })),
      )
      tables.changes.show(
        snapshot.invalidations.map(({ at, tags, more }, place) => ({
          key: String(place),
          cells: [
            timeCell(at, snapshot.at),
            {
              text:
                tags.map((tag) => (tag === '*' ? 'everything' : tag)).join(', ') +
                (more > 0 ? ` and ${format.count(more)} more` : ''),
              className: 'code',
            },
          ],
        })),
      )
    },
  }
}
