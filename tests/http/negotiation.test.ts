import { describe, expect, test } from 'vitest'
import { acceptsGzip, answerType } from '../../src/http/negotiation.ts'

const JSON_TYPE = 'application/json'
const GRAPHQL_TYPE = 'application/graphql-response+json'

describe('the type of an answer', () => {
  test.each<[string | undefined, string | null]>([
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    ['APPLICATION/JSON', JSON_TYPE],
    [GRAPHQL_TYPE, GRAPHQL_TYPE],
    [`${GRAPHQL_TYPE}, ${JSON_TYPE};q=0.9`, GRAPHQL_TYPE],
    [`${GRAPHQL_TYPE};q=0.8, ${JSON_TYPE};q=0.9`, JSON_TYPE],
    [`text/html, */*;q=0.1`, JSON_TYPE],
    [`${JSON_TYPE};q=0, */*`, GRAPHQL_TYPE],
    ['text/html', null],
    [`${JSON_TYPE};q=0`, null],
    ['nonsense', null],
    ['', null],
  ])('for whoever accepts %j is %s, however often they ask', (accept, type) => {
    for (let time = 0; time < 2; time += 1) expect(answerType(accept)).toBe(type)
  })

  test('is remembered for a few headers only, and right for any number', () => {
    for (let n = 0; n < 500; n += 1) {
      expect(answerType(`${GRAPHQL_TYPE}, x/${n}`)).toBe(GRAPHQL_TYPE)
      expect(answerType(`x/${n}`)).toBeNull()
    }
  })
})

describe('gzip', () => {
  test.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['gzip, deflate, br', true],
    ['br, gzip;q=0.2', true],
    ['*', true],
    ['gzip;q=0', false],
    ['*;q=0', false],
    ['identity;q=0.9, gzip;q=0.5', false],
    ['br', false],
  ])('is for whoever accepts %j: %s', (encodings, yes) => {
    for (let time = 0; time < 2; time += 1) expect(acceptsGzip(encodings)).toBe(yes)
  })
})
