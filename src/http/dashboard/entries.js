import { button, byId, el, say } from './dom.js'
import { entryCard } from './entry-card.js'
import { plural } from './format.js'
import { askGraphQL, Refused } from './session.js'

/** @typedef {import('./entry-card.js').Entry} Entry */

const COPY = '{ value loadedAt expiresAt bytes }'
const QUERY = `query CacheEntries($tags: [String!]!) {
  cacheEntries(tags: $tags) { tag policy memory ${COPY} shared ${COPY} responses database isFresh }
}`

/** The kinds of things of one learner. */
const KINDS = ['user', 'settings', 'stars', 'practice', 'messages']

/**
 * What is meant: a learner by id is all that is kept of them; a tag is itself.
 * @param {string} subject @returns {readonly string[] | null}
 */
export function tagsOf(subject) {
  if (/^\d+$/.test(subject)) return KINDS.map((kind) => `${kind}:${subject}`)
  return subject === 'users' || subject.includes(':') ? [subject] : null
}

/**
 * The box that explains one entity.
 * @param {{ purge: (tags: readonly string[]) => Promise<boolean>, refused: (error: Error) => void }} does
 */
export function createEntries({ purge, refused }) {
  const subject = /** @type {HTMLInputElement} */ (byId('subject'))
  const place = byId('entries')
  const error = byId('subject-error')
  let asked = 0

  /** @param {readonly string[]} tags @returns {Promise<boolean>} whether they are shown now */
  async function explain(tags) {
    asked += 1
    const own = asked
    error.textContent = ''
    place.setAttribute('aria-busy', 'true')
    try {
      const { cacheEntries } = await askGraphQL(QUERY, { tags })
      // Who asks again no longer waits for this.
      if (own !== asked) return false
      show(/** @type {Entry[]} */ (cacheEntries))
      return true
    } catch (thrown) {
      if (thrown instanceof Refused) refused(thrown)
      else if (own === asked) fail(thrown instanceof Error ? thrown.message : String(thrown))
      return false
    } finally {
      if (own === asked) place.removeAttribute('aria-busy')
    }
  }

  /** @param {string} words */
  function fail(words) {
    place.replaceChildren()
    error.textContent = words
  }

  /** @param {readonly Entry[]} entries */
  function show(entries) {
    const tags = entries.map(({ tag }) => tag)
    const now = Date.now()
    const title = el('p', { class: 'found', tabindex: '-1' }, `${plural(entries.length, 'tag')} explained`)
    const all = button('Purge all shown', () => void purgeAndShow(tags, tags), 'danger')
    place.replaceChildren(
      el('div', { class: 'title-row' }, title, ...(entries.length > 1 ? [all] : [])),
      ...entries.map((entry) => entryCard(entry, now, () => void purgeAndShow([entry.tag], tags))),
    )
  }

  /** @param {readonly string[]} purged @param {readonly string[]} shown */
  async function purgeAndShow(purged, shown) {
    if (!(await purge(purged)) || !(await explain(shown))) return
    // The button that was pressed has gone with what it stood by.
    const found = place.querySelector('.found')
    if (found instanceof HTMLElement) found.focus()
  }

  byId('explain').addEventListener('submit', async (event) => {
    event.preventDefault()
    const tags = tagsOf(subject.value.trim())
    if (!tags) return fail('This is neither a learner’s id nor a tag: tags have a colon, or are “users”.')
    if (await explain(tags)) say(`${plural(tags.length, 'tag')} explained.`)
  })

  return {
    /** @param {string} tag */
    explain(tag) {
      subject.value = tag
      subject.focus()
      byId('explain-title').scrollIntoView()
      void explain([tag])
    },
    clear() {
      asked += 1
      subject.value = ''
      fail('')
    },
  }
}
