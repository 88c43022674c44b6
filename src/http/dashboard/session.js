/** The same as the explorer's: whoever has signed in there has done so here. */
const KEY = 'honzik:token'

/** Who refuses the token, in their own words. */
export class Refused extends Error {}

/** The server's own word, which may say when to come back. */
export class Unavailable extends Error {
  /** @param {string} message @param {number} [retryAfterSeconds] */
  constructor(message, retryAfterSeconds) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The token in a link's fragment, which browsers never send to a server, leaves the address bar at once. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given === null) return sessionStorage.getItem(KEY)
  history.replaceState(null, '', location.pathname)
  keepToken(given)
  return given
}

/** @param {string | null} token */
export function keepToken(token) {
  if (token === null) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, token)
}

/**
 * @param {string} path @param {RequestInit} [init]
 * @returns {Promise<Response>} one that went well
 * @throws {Refused | Unavailable}
 */
export async function ask(path, init = {}) {
  const token = sessionStorage.getItem(KEY) ?? ''
  // What cannot stand in a header could not be a token either.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Refused('This is not a token.')
  const response = await fetch(path, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${token}` },
    credentials: 'omit',
    cache: 'no-store',
  })
  if (response.ok) return response
  const error = (await response.json().catch(() => null))?.errors?.[0]
  const message = error?.message ?? `The server answered ${response.status}.`
  if (response.status === 401 || response.status === 403) throw new Refused(message)
  throw new Unavailable(message, error?.extensions?.retryAfterSeconds)
}

/**
 * @param {string} query @param {Record<string, unknown>} variables
 * @returns {Promise<Record<string, unknown>>} the answer's data
 */
export async function askGraphQL(query, variables) {
  const response = await ask('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  const [error] = errors ?? []
  if (error === undefined) return data
  const code = error.extensions?.code
  throw new (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? Refused : Unavailable)(error.message)
}
