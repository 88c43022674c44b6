import { button, el } from './dom.js'
import * as format from './format.js'

/**
 * @typedef {{ value: string, loadedAt: string | null, expiresAt: string, bytes: number }} Copy
 * @typedef {{
 *   tag: string, policy: string | null, memory: Copy | null, shared: Copy | null,
 *   responses: number, database: string | null, isFresh: boolean | null,
 * }} Entry
 */

/** @param {Entry} entry @returns {[string, string]} */
function verdictOf({ isFresh, memory, shared }) {
  if (isFresh === true) return ['Caches say what the database says', 'good']
  if (isFresh === false) return ['A cached copy differs from the database', 'bad']
  return [memory || shared ? 'There is nothing to compare it with' : 'Not cached: there is nothing to compare', 'off']
}

/** @param {string} at @param {number} now */
function time(at, now) {
  const moment = new Date(at).getTime()
  return el(
    'time',
    { datetime: new Date(moment).toISOString(), title: format.exactly(moment) },
    format.relative(moment, now),
  )
}

/** @param {string} json @param {string} label */
const valueBox = (json, label) => el('pre', { tabindex: '0', role: 'group', 'aria-label': label }, format.pretty(json))

/** @param {string} title @param {Copy | null} copy @param {string} tag @param {number} now */
function copyPart(title, copy, tag, now) {
  if (!copy) return el('div', {}, el('h4', {}, title), el('p', { class: 'state off' }, 'Not there'))
  const facts = el(
    'dl',
    { class: 'facts' },
    ...fact('Since', copy.loadedAt === null ? 'not said' : time(copy.loadedAt, now)),
    ...fact('Expires', time(copy.expiresAt, now)),
    ...fact('Size', format.bytes(copy.bytes)),
  )
  return el('div', {}, el('h4', {}, title), facts, valueBox(copy.value, `${tag}: ${title}`))
}

/** @param {string} name @param {import('./dom.js').Child} value */
const fact = (name, value) => [el('dt', {}, name), el('dd', {}, value)]

/** @param {Entry} entry */
function databasePart({ database, tag }) {
  const title = 'The database now'
  const value =
    database === null
      ? el('p', { class: 'state off' }, 'Says nothing of this tag')
      : valueBox(database, `${tag}: ${title}`)
  return el('div', {}, el('h4', {}, title), value)
}

/**
 * What caches and the database say of one tag.
 * @param {Entry} entry @param {number} now @param {() => void} purge
 */
export function entryCard(entry, now, purge) {
  const { tag, policy, memory, shared, responses } = entry
  const [words, kind] = verdictOf(entry)
  const purgeIt = button('Purge', purge, 'danger')
  purgeIt.setAttribute('aria-label', `Purge ${tag}`)
  const kept = responses === 0 ? 'no whole answers' : format.plural(responses, 'whole answer')
  return el(
    'article',
    { class: 'card entry' },
    el('div', { class: 'title-row' }, el('h3', { class: 'code' }, tag), purgeIt),
    el('p', { class: `state ${kind}` }, words),
    el(
      'p',
      { class: 'note' },
      `Policy: ${policy ?? 'none, only whole answers have this tag'} · in ${kept} of this node`,
    ),
    el(
      'div',
      { class: 'copies' },
      copyPart('In this node’s memory', memory, tag, now),
      copyPart('In Redis', shared, tag, now),
      databasePart(entry),
    ),
  )
}
