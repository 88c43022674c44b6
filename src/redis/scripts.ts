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
} as const
