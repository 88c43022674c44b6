import { createHmac, timingSafeEqual } from 'node:crypto'
import type { TelegramUser } from '../commands/command.ts'
import { badInput, HonzikError, unavailable } from '../domain/error.ts'

/** Seconds for which Telegram's signature counts. */
const MAX_AGE_S = 24 * 60 * 60
/** Seconds that Telegram's clock may be ahead of ours. */
const SKEW_S = 30

const PROBLEM = "must be Telegram's init data, unchanged."

/**
 * Checks the init data of a Telegram Mini App. Rule: HMAC-SHA-256 of the other fields, sorted, one `name=value` a line,
 * under the key HMAC-SHA-256("WebAppData", bot token). Source: core.telegram.org/bots/webapps, "Validating data".
 * @throws UNAUTHENTICATED, BAD_USER_INPUT naming `initData`, or SERVICE_UNAVAILABLE without a bot token
 */
export function verifyInitData(botToken: string | null, initData: string, now: Temporal.Instant): TelegramUser {
  if (botToken === null) throw unavailable('Signing in with Telegram is not configured on this server.')
  const fields = [...new URLSearchParams(initData)]
  const given = new Map(fields)
  const hash = given.get('hash') ?? ''
  // A name that comes twice would be signed as two lines but read as one.
  if (given.size !== fields.length || !/^[0-9a-f]{64}$/.test(hash)) throw badInput('initData', PROBLEM)

  const signed = fields.filter(([name]) => name !== 'hash').map(([name, value]) => `${name}=${value}`)
  const key = hmac('WebAppData', botToken)
  if (!timingSafeEqual(hmac(key, signed.sort().join('\n')), Buffer.from(hash, 'hex')))
    throw new HonzikError('UNAUTHENTICATED', 'initData is not signed by Telegram for this bot.', { field: 'initData' })

  requireFresh(Number(given.get('auth_date')), now)
  return parseTelegramUser(given.get('user') ?? '')
}

function requireFresh(authDate: number, now: Temporal.Instant): void {
  const age = now.epochMilliseconds / 1000 - authDate
  if (!(age >= -SKEW_S && age <= MAX_AGE_S))
    throw new HonzikError('UNAUTHENTICATED', 'initData is older than 24 hours; open the app again.', {
      field: 'initData',
    })
}

function parseTelegramUser(json: string): TelegramUser {
  const user: unknown = parseJson(json)
  if (typeof user !== 'object' || user === null || !('id' in user) || !('first_name' in user))
    throw badInput('initData', PROBLEM)
  const { id, first_name: firstName } = user
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || typeof firstName !== 'string')
    throw badInput('initData', PROBLEM)
  const username = 'username' in user && typeof user.username === 'string' ? user.username : null
  const languageCode = 'language_code' in user && typeof user.language_code === 'string' ? user.language_code : null
  return { id: String(id), firstName, username, languageCode }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw badInput('initData', PROBLEM)
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
