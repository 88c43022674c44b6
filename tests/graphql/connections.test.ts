import { describe, expect, test } from 'vitest'
import { toConnection } from '../../src/graphql/connections.ts'

const cursorOf = (letter: string) => `cursor of ${letter}`

describe('a connection', () => {
  test('gives each item its cursor and the page its ends', () => {
    expect(toConnection({ items: ['a', 'b', 'c'], hasNext: true, hasPrevious: false }, cursorOf)).toEqual({
      edges: [
        { cursor: 'cursor of a', node: 'a' },
        { cursor: 'cursor of b', node: 'b' },
        { cursor: 'cursor of c', node: 'c' },
      ],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: 'cursor of a', endCursor: 'cursor of c' },
    })
  })

  test('of one item begins and ends with it', () => {
    const { pageInfo } = toConnection({ items: ['a'], hasNext: false, hasPrevious: true }, cursorOf)
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: 'cursor of a',
      endCursor: 'cursor of a',
    })
  })

  test('of nothing has no cursors', () => {
    expect(toConnection({ items: [], hasNext: false, hasPrevious: true }, cursorOf)).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    })
  })
})
