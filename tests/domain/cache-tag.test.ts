import { describe, expect, test } from 'vitest'
import { parseCacheTag, parseCacheTags } from '../../src/domain/cache-tag.ts'

const DIGEST = 'a1'.repeat(32)

describe('a tag', () => {
  test.each(['user', 'settings', 'stars', 'practice', 'messages', 'replies', 'asked'])(
    'names a learner: %s',
    (family) => {
      expect(parseCacheTag(`${family}:42`)).toEqual({ text: `${family}:42`, family, id: 42 })
      for (const id of ['', '0', '042', '-1', '1.5', ' 1', '1:2', '9007199254740992', DIGEST])
        expect(parseCacheTag(`${family}:${id}`)).toBeNull()
    },
  )

  test('names a Telegram id', () => {
    const text = 'telegram:9223372036854775807'
    expect(parseCacheTag(text)).toEqual({ text, family: 'telegram', id: '9223372036854775807' })
    for (const id of ['', '0', '9223372036854775808', 'x']) expect(parseCacheTag(`telegram:${id}`)).toBeNull()
  })

  test.each(['reply', 'speech', 'transcript'])('names what a model said: %s', (family) => {
    expect(parseCacheTag(`${family}:${DIGEST}`)).toEqual({ text: `${family}:${DIGEST}`, family })
    for (const digest of ['', '42', DIGEST.toUpperCase(), DIGEST.slice(1), `${DIGEST}0`])
      expect(parseCacheTag(`${family}:${digest}`)).toBeNull()
  })

  test('names all learners', () => {
    expect(parseCacheTag('users')).toEqual({ text: 'users', family: 'users' })
    for (const text of ['users:', 'users:1', 'user', '', '*', 'honzik:v1:seq', 'toString:1', 'User:1', 'user:1\n'])
      expect(parseCacheTag(text)).toBeNull()
  })
})

test('several tags are read at once, each of them once', () => {
  expect(parseCacheTags(['user:1', 'users', 'user:1'], 3).map(({ text }) => text)).toEqual(['user:1', 'users'])
  for (const wrong of [['user:0'], ['user:1', 'x'], ['user:1', 'user:2', 'user:3', 'user:4']])
    expect(() => parseCacheTags(wrong, 3)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'tags' }))
})
