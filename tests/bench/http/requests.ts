import type { UserId } from '../../../src/domain/ids.ts'

/** What every server is asked about a learner. */
export const QUERY =
  'query($id: ID!) { user(id: $id) { id firstName level settings { conversationStyle voiceSpeed correctionsLevel character timezone notificationsEnabled } stats: statsRange(days: 7) { date messagesCount wordsSaid correctPercent streakDay } stars { total available lifetime } } }'

const RENAME = 'mutation($input: UpdateUserInput!) { updateUser(input: $input) { user { id firstName } } }'

/** Writes requests as they go over the wire. */
export interface Requests {
  read(id: UserId): Buffer
  /** The same request as it is sent next: another one each time, where they are to vary. */
  next(request: Buffer): Buffer
  rename(id: UserId, firstName: string): Buffer
}

export interface Asked {
  readonly token: string
  readonly query: string
  /** Reads by GET instead of POST. */
  readonly get: boolean
  /** Each request has a header that no other has, as those of clients that are traced. */
  readonly vary: boolean
}

/** A trace's id, in 32 hexadecimal digits, stands after this. */
const TRACE = 'Traceparent: 00-'
const TRACE_DIGITS = 32

export function createRequests({ token, query, get, vary }: Asked): Requests {
  const trace = vary ? `${TRACE}${'0'.repeat(TRACE_DIGITS)}-${'1'.repeat(16)}-01\r\n` : ''
  const head = `Host: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n${trace}`
  let sent = 0
  const post = (body: string) => {
    const about = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
    return Buffer.from(`POST /graphql HTTP/1.1\r\n${head}${about}\r\n${body}`)
  }
  const getOf = (variables: string) => {
    const search = new URLSearchParams({ query, variables })
    // Without a body's type, Apollo Server wants to be shown that no page of another origin asks.
    return Buffer.from(`GET /graphql?${search} HTTP/1.1\r\n${head}Apollo-Require-Preflight: true\r\n\r\n`)
  }
  return {
    read(id) {
      const variables = { id: String(id) }
      return get ? getOf(JSON.stringify(variables)) : post(JSON.stringify({ query, variables }))
    },
    next(request) {
      sent += 1
      if (vary) request.write(String(sent).padStart(TRACE_DIGITS, '0'), request.indexOf(TRACE) + TRACE.length)
      return request
    },
    rename: (id, firstName) =>
      post(JSON.stringify({ query: RENAME, variables: { input: { id: String(id), firstName } } })),
  }
}
