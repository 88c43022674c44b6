import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAudioLinks } from '../../src/auth/audio-links.ts'
import { type MessageId, messageIdFromRow } from '../../src/domain/ids.ts'
import { NOW, TEST_SECRET } from '../support/test-app.ts'

const links = createAudioLinks(TEST_SECRET)
const seven = messageIdFromRow(7)

/** What a link says of itself, as a server reads it. */
const read = (url: string) => Object.fromEntries(new URL(url, 'http://x').searchParams)
const linkTo = (id: MessageId) => read(links.linkTo(id, NOW).url)
const later = (duration: Temporal.DurationLike) => NOW.add(duration)

describe('a link to what a message sounds like', () => {
  test('names the message, and ends in a quarter of an hour, in a whole second', () => {
    const { url, expiresAt } = links.linkTo(seven, NOW.add({ milliseconds: 999 }))
    expect(url).toMatch(/^\/audio\/7\?expires=1795423500&signature=[\w-]{43}$/)
    expect(expiresAt).toBe('2026-11-23T08:45:00.000Z')
  })

  test('is good until it ends, and no longer', () => {
    const link = linkTo(seven)
    expect(links.isGood(seven, link, NOW)).toBe(true)
    expect(links.isGood(seven, link, later({ minutes: 14, seconds: 59 }))).toBe(true)
    expect(links.isGood(seven, link, later({ minutes: 15 }))).toBe(false)
    expect(links.isGood(seven, link, later({ hours: 48 }))).toBe(false)
  })

  test('is good for its message only, whatever the numbers look like one after another', () => {
    expect(links.isGood(messageIdFromRow(8), linkTo(seven), NOW)).toBe(false)
    const { expires, signature } = linkTo(messageIdFromRow(71))
    expect(links.isGood(seven, { expires: `1${expires}`, signature }, NOW)).toBe(false)
  })

  test('is good where it was made, and where the same secret is', () => {
    expect(createAudioLinks(TEST_SECRET).isGood(seven, linkTo(seven), NOW)).toBe(true)
    expect(createAudioLinks(`${TEST_SECRET}.`).isGood(seven, linkTo(seven), NOW)).toBe(false)
  })

  test('cannot be made to last', () => {
    const { expires, signature } = linkTo(seven)
    for (const longer of [`${Number(expires) + 1}`, '999999999999', `${expires}0`])
      expect(links.isGood(seven, { expires: longer, signature }, NOW)).toBe(false)
  })

  test('is not good when any character of its signature is another one, or is missing', () => {
    const { expires, signature = '' } = linkTo(seven)
    fc.assert(
      fc.property(fc.nat(signature.length - 2), fc.constantFrom(...'AZaz09-_é '), (place, other) => {
        fc.pre(signature[place] !== other)
        const altered = signature.slice(0, place) + other + signature.slice(place + 1)
        return !links.isGood(seven, { expires, signature: altered }, NOW)
      }),
    )
    expect(links.isGood(seven, { expires, signature: signature.slice(0, -1) }, NOW)).toBe(false)
    expect(links.isGood(seven, { expires, signature: '' }, NOW)).toBe(false)
  })

  test('is not good when it is half a link, or a link twice', () => {
    const { expires, signature } = linkTo(seven)
    expect(links.isGood(seven, {}, NOW)).toBe(false)
    expect(links.isGood(seven, { expires }, NOW)).toBe(false)
    expect(links.isGood(seven, { signature }, NOW)).toBe(false)
    expect(links.isGood(seven, { expires: [expires, expires], signature }, NOW)).toBe(false)
    expect(links.isGood(seven, { expires, signature: [signature, signature] }, NOW)).toBe(false)
    for (const odd of ['', '-1', '1e12', 'Infinity', ' 1795423500', '1795423500.0', '0x6b03b90c'])
      expect(links.isGood(seven, { expires: odd, signature }, NOW)).toBe(false)
  })
})
