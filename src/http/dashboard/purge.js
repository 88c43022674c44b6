import { byId, el, say } from './dom.js'
import { askGraphQL, Refused } from './session.js'

const MUTATION = 'mutation PurgeCache($tags: [String!]) { purgeCache(input: { tags: $tags }) { purgedTags } }'

/** Asks whether these tags are meant. @param {readonly string[]} tags @returns {Promise<boolean>} */
function confirmed(tags) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'))
  byId('confirm-tags').replaceChildren(...tags.map((tag) => el('li', { class: 'code' }, tag)))
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true })
  })
}

/** @param {(error: Error) => void} refused */
export function createPurge(refused) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'))
  byId('confirm-no').addEventListener('click', () => dialog.close('no'))
  byId('confirm-yes').addEventListener('click', () => dialog.close('yes'))

  /** @param {readonly string[]} tags @returns {Promise<boolean>} whether caches have forgotten them */
  return async (tags) => {
    if (!(await confirmed(tags))) return false
    try {
      const { purgeCache } = await askGraphQL(MUTATION, { tags })
      const { purgedTags } = /** @type {{ purgedTags: readonly string[] }} */ (purgeCache)
      say(`Purged ${purgedTags.join(', ')}.`)
      return true
    } catch (error) {
      if (error instanceof Refused) refused(error)
      else byId('subject-error').textContent = `Not purged: ${error instanceof Error ? error.message : error}`
      return false
    }
  }
}
