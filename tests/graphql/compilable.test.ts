import { getOperationAST, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { isCompilable } from '../../src/graphql/compilable.ts'

function judged(text: string): boolean {
  const document = parse(text)
  const operation = getOperationAST(document)
  if (!operation) throw new TypeError('no operation')
  return isCompilable(document, operation)
}

const fields = (count: number) => Array.from({ length: count }, (_, index) => `f${index}`).join(' ')

describe('compiled is', () => {
  test.each([
    ['a plain query', '{ me { id a: firstName ... on User { level } ...F } } fragment F on User { stars { total } }'],
    ['as many fields as are quickly done', `{ ${fields(300)} }`],
    ['a query with a directive on itself', 'query @cached { me { id } }'],
  ])('%s', (_, text) => expect(judged(text)).toBe(true))
})

describe('not compiled is', () => {
  test.each([
    ['a condition on a field', '{ me { id @skip(if: false) } }'],
    ['a condition on a fragment', '{ me { ...F @include(if: true) } } fragment F on User { id }'],
    ['a condition inside of one', '{ me { ...F } } fragment F on User { ... { id @include(if: true) } }'],
    ['a name that objects have a meaning for', '{ me { __proto__: id } }'],
    ['a long query', `{ ${fields(301)} }`],
    [
      'a short one that is long when unfolded',
      `{ ...F0 } ${Array.from({ length: 20 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F20 on Query { a }`,
    ],
    ['a fragment that is not there', '{ ...Missing }'],
  ])('%s', (_, text) => expect(judged(text)).toBe(false))
})
