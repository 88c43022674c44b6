import { createBoard } from './board.js'
import { byId, setText } from './dom.js'
import { createEntries } from './entries.js'
import { createPurge } from './purge.js'
import { keepToken, takeToken } from './session.js'
import { follow } from './stream.js'

const signInForm = byId('sign-in')
const board = byId('board')
const live = byId('live')
const signOut = byId('sign-out')
const tokenBox = /** @type {HTMLInputElement} */ (byId('token'))
const themeBox = /** @type {HTMLSelectElement} */ (byId('theme'))

const purge = createPurge((error) => askForToken(error.message))
const entries = createEntries({ purge, refused: (error) => askForToken(error.message) })
const shown = createBoard(entries.explain)

/** Ended when the viewer signs out, or is refused. */
let session = new AbortController()

/** @param {import('./stream.js').State | 'off'} state @param {string} words */
function tell(state, words) {
  live.dataset.state = state
  // Said again each time it changes, and only then: it is a live region.
  setText(live, words)
}

/** @param {string} [message] why the last one did not do */
function askForToken(message = '') {
  session.abort()
  keepToken(null)
  entries.clear()
  board.hidden = signOut.hidden = true
  signInForm.hidden = false
  setText(byId('serving'), '')
  tell('off', 'Signed out')
  setText(byId('sign-in-error'), message)
  tokenBox.value = ''
  tokenBox.focus()
}

function begin() {
  session.abort()
  session = new AbortController()
  setText(byId('sign-in-error'), '')
  signOut.hidden = false
  const show = (/** @type {import('../../domain/cache-report.ts').Snapshot} */ snapshot) => {
    const isFirst = board.hidden
    // First, because what has no width cannot be drawn.
    board.hidden = false
    signInForm.hidden = true
    shown.show(snapshot)
    if (isFirst && document.activeElement === document.body) byId('content').focus({ preventScroll: true })
  }
  void follow({ show, tell, refused: (error) => askForToken(error.message) }, session.signal)
}

signInForm.addEventListener('submit', (event) => {
  event.preventDefault()
  keepToken(tokenBox.value.trim())
  begin()
})
signOut.addEventListener('click', () => {
  keepToken(null)
  // Nothing of what was shown stays for the next who sits here.
  location.reload()
})

themeBox.value = document.documentElement.dataset.theme ?? 'auto'
themeBox.addEventListener('change', () => {
  const chosen = themeBox.value
  if (chosen === 'auto') {
    delete document.documentElement.dataset.theme
    localStorage.removeItem('honzik:theme')
  } else {
    document.documentElement.dataset.theme = chosen
    localStorage.setItem('honzik:theme', chosen)
  }
  shown.redraw()
})
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', shown.redraw)

// A link with a new token, opened where the page is open already, loads nothing.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token=') && takeToken() !== null) begin()
})

if (takeToken() === null) askForToken()
else begin()
