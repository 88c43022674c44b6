import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byWords } from '../../src/session/words.ts'

function heard(pieces: readonly string[], whole = pieces.join('')): string[] {
  const words: string[] = []
  const listener = byWords((word) => words.push(word))
  for (const piece of pieces) listener.write(piece)
  listener.end(whole)
  return words
}

describe('a text that comes in pieces', () => {
  test('goes on word by word, each with the space behind it', () => {
    expect(heard(['Ah', 'oj! Ja', 'k se', ' máš', '?'])).toEqual(['Ahoj! ', 'Jak ', 'se ', 'máš?'])
  })

  test('is the same words however it was cut, and also when it comes at once or not at all', () => {
    const text = fc.array(fc.stringMatching(/^[a-zěš?„]{1,6}$/u), { maxLength: 8 }).map((words) => words.join(' '))
    const cuts = fc.array(fc.nat(40), { maxLength: 6 })
    fc.assert(
      fc.property(text, cuts, (whole, at) => {
        const places = [0, ...at.map((place) => Math.min(place, whole.length)).toSorted((a, b) => a - b), whole.length]
        const pieces = places.slice(1).map((end, index) => whole.slice(places[index], end))
        expect(heard(pieces)).toEqual(heard([], whole))
        expect(heard([whole])).toEqual(heard([], whole))
        expect(heard(pieces).join('')).toBe(whole)
      }),
    )
  })

  test('that was not gone on with is not made whole by another one', () => {
    expect(heard(['Začátek je'], 'Něco jiného.')).toEqual(['Začátek '])
    expect(heard(['Začátek '], 'Něco jiného.')).toEqual(['Začátek '])
  })
})
