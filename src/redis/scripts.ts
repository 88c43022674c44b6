import { LEASE } from '../cache/envelope.ts'

/*
 * Each script touches one key, so that all of them run on a cluster. Numbers are read back as text: Lua would print
 * large ones in exponents. The first line makes Redis judge a script before it runs: a replica refuses all of them, even
 * where this time nothing would be written, and a server out of memory all but the one that must go on.
 */

/** Begins the sequence where there is none, from the server's clock in µs, so that no number ever comes twice. */
const BEGIN = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  local time = redis.call('TIME')
  local start = time[1] .. string.format('%06d', time[2])
  redis.call('HSET', KEYS[1], 'number', start, 'epoch', start)
end`

const ANSWER = `return redis.call('HMGET', KEYS[1], 'number', 'epoch')`

export const SCRIPTS = {
  /** KEYS: sequence. Returns number and epoch. */
  honzikMark: { numberOfKeys: 1, lua: `#!lua flags=allow-oom\n${BEGIN}\n${ANSWER}` },

  /** KEYS: sequence. ARGV: channel, the tags as JSON. Returns number and epoch. */
  honzikAnnounce: {
    numberOfKeys: 1,
    lua: `#!lua
${BEGIN}
redis.call('HINCRBY', KEYS[1], 'number', 1)
local number = redis.call('HGET', KEYS[1], 'number')
redis.call('PUBLISH', ARGV[1], number .. ' ' .. ARGV[2])
${ANSWER}`,
  },

  /** KEYS: sequence. ARGV: channel. Returns number and epoch, which are the same. */
  honzikNewEpoch: {
    numberOfKeys: 1,
    lua: `#!lua
${BEGIN}
redis.call('HINCRBY', KEYS[1], 'number', 1)
local number = redis.call('HGET', KEYS[1], 'number')
redis.call('HSET', KEYS[1], 'epoch', number)
redis.call('PUBLISH', ARGV[1], number .. ' ["*"]')
${ANSWER}`,
  },

  /** KEYS: entry. ARGV: token, value, milliseconds. Returns 1 when the value was put in the token's place. */
  honzikFill: {
    numberOfKeys: 1,
    lua: `#!lua
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`,
  },

  /**
   * KEYS: entry. ARGV: token, milliseconds, what may be replaced besides nothing ('text', 'values' or 'nothing'), and that
   * text. Returns null when the token was put there, else what stands there.
   */
  honzikClaim: {
    numberOfKeys: 1,
    lua: `#!lua
local standing = redis.call('GET', KEYS[1])
local replaceable = not standing
  or ARGV[3] == 'text' and standing == ARGV[4]
  or ARGV[3] == 'values' and string.sub(standing, 1, ${LEASE.length}) ~= '${LEASE}'
if not replaceable then return standing end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false`,
  },

  /** KEYS: entry. ARGV: token. Returns 1 when it stood there and was removed. */
  honzikRelease: {
    numberOfKeys: 1,
    lua: `#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('UNLINK', KEYS[1])`,
  },

  /** KEYS: list. ARGV: mark, as many marks as are kept, milliseconds. Returns how many there are now. */
  honzikNote: {
    numberOfKeys: 1,
    lua: `#!lua
local list = redis.call('GET', KEYS[1]) or ''
local length = #ARGV[1]
local marks = {}
for at = 1, #list, length do
  local mark = string.sub(list, at, at + length - 1)
  if mark ~= ARGV[1] then table.insert(marks, mark) end
end
table.insert(marks, ARGV[1])
local first = math.max(1, #marks - tonumber(ARGV[2]) + 1)
redis.call('SET', KEYS[1], table.concat(marks, '', first), 'PX', ARGV[3])
return #marks - first + 1`,
  },
} as const
