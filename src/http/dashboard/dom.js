/**
 * All that is shown goes through here, and only ever as text: there is no way to make markup of it.
 * @typedef {string | Node} Child
 * @typedef {{
 *   text?: string, title?: string, className?: string, share?: number | null,
 *   press?: { label: string, run: () => void },
 * }} Cell What stands in a cell; a plain string is its text.
 */

/** @template {Element} [E=HTMLElement] @param {string} id @returns {E} */
export const byId = (id) => {
  const found = document.getElementById(id)
  if (!found) throw new Error(`no #${id}`)
  return /** @type {E} */ (/** @type {unknown} */ (found))
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, string>} [attributes] @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...children)
  return node
}

/** Says something to those who do not see the page. @param {string} text */
export function say(text) {
  byId('said').textContent = text
}

/** @param {Node} node @param {string} text */
export function setText(node, text) {
  // What is the same is left alone, so that nobody's selection is lost.
  if (node.textContent !== text) node.textContent = text
}

/** @param {Element} node @param {string} name @param {string | undefined} value */
function setAttribute(node, name, value) {
  if (value === undefined) node.removeAttribute(name)
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value)
}

/** @param {string} label */
export function button(label, run = () => {}, className = '') {
  const made = el('button', { type: 'button', ...(className && { class: className }) }, label)
  made.addEventListener('click', run)
  return made
}

/**
 * A table in a frame of its own, which scrolls where the page is too narrow.
 * @param {{ label: string, columns: readonly string[], empty: string }} about
 */
export function createTable({ label, columns, empty }) {
  const body = el('tbody')
  const heads = columns.map((column) => el('th', { scope: 'col' }, column))
  const table = el(
    'table',
    {},
    el('caption', { class: 'unseen' }, label),
    el('thead', {}, el('tr', {}, ...heads)),
    body,
  )
  const frame = el('div', { class: 'frame card', role: 'group', 'aria-label': label, tabindex: '0' }, table)
  const nothing = el('p', { class: 'empty card' }, empty)
  const whole = el('div', {}, nothing)
  /** @type {Map<string, HTMLTableRowElement>} */
  const rows = new Map()

  /**
   * Rows that stay are changed in place: a button in them keeps its focus.
   * @param {readonly { key: string, cells: readonly (string | Cell)[] }[]} items
   */
  function show(items) {
    const shown = new Set(items.map(({ key }) => key))
    for (const [key, row] of rows) {
      if (shown.has(key)) continue
      row.remove()
      rows.delete(key)
    }
    items.forEach(({ key, cells }, place) => {
      const row = rows.get(key) ?? createRow(cells.length)
      rows.set(key, row)
      cells.forEach((cell, column) => {
        const node = row.cells[column]
        if (node) showCell(node, typeof cell === 'string' ? { text: cell } : cell)
        heads[column]?.classList.toggle('number', node?.classList.contains('number'))
      })
      if (body.rows[place] !== row) body.insertBefore(row, body.rows[place] ?? null)
    })
    const wanted = items.length > 0 ? frame : nothing
    if (whole.firstChild !== wanted) whole.replaceChildren(wanted)
  }
  return { whole, show }
}

/** @param {number} columns */
function createRow(columns) {
  const row = el('tr')
  for (let column = 0; column < columns; column += 1) row.append(column === 0 ? el('th', { scope: 'row' }) : el('td'))
  return row
}

/** @param {HTMLTableCellElement} node @param {Cell} cell */
function showCell(node, { text = '', title, className = '', share, press }) {
  setAttribute(node, 'title', title)
  if (node.className !== className) node.className = className
  if (press) {
    const old = node.querySelector('button')
    if (old?.textContent === text) return
    const made = button(text, press.run, 'link')
    made.setAttribute('aria-label', press.label)
    node.replaceChildren(made)
  } else if (share === undefined) setText(node, text)
  else {
    const bar = node.querySelector('.bar') ?? el('span', { class: 'bar', 'aria-hidden': 'true' }, el('span'))
    const words = node.querySelector('.words') ?? el('span', { class: 'words' })
    if (!bar.parentNode) node.replaceChildren(words, bar)
    setText(words, text)
    const [filled] = bar.children
    if (filled instanceof HTMLElement) filled.style.width = `${Math.min(1, share ?? 0) * 100}%`
  }
}
