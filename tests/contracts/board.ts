import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Board } from '../../src/cache/board.ts'
import { eventually } from '../support/eventually.ts'

/** What every board must do. */
export function describeBoard(name: string, open: () => Promise<{ readonly board: Board } & AsyncDisposable>): void {
  describe(`${name} as a board`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let board: Board

    beforeAll(async () => {
      opened = await open()
      board = opened.board
    })
    afterAll(() => opened[Symbol.asyncDispose]())

    test('shows what everybody has put up, page by page', async () => {
      const notice = (page: string, text: string) => ({ page, text, ttlMs: 60_000 })
      await board.post('ada', [notice('a:1', 'one'), notice('a:2', 'two')])
      await board.post('bob', [notice('a:2', 'zwei „ž“')])
      const [first, second, none] = await board.read(['a:1', 'a:2', 'a:3'])
      expect([...(first ?? [])]).toEqual([['ada', 'one']])
      expect(new Map([...(second ?? [])].sort())).toEqual(
        new Map([
          ['ada', 'two'],
          ['bob', 'zwei „ž“'],
        ]),
      )
      expect(none?.size).toBe(0)
    })

    test('shows the latest of each author only', async () => {
      for (const text of ['old', 'new']) await board.post('ada', [{ page: 'b:1', text, ttlMs: 60_000 }])
      expect([...((await board.read(['b:1']))[0] ?? [])]).toEqual([['ada', 'new']])
    })

    test('says where an author had said nothing before, or where it was lost', async () => {
      const post = (author: string, ...pages: readonly string[]) =>
        board.post(
          author,
          pages.map((page) => ({ page, text: 'x', ttlMs: page === 'e:short' ? 20 : 60_000 })),
        )
      expect(await post('ada', 'e:1', 'e:short')).toEqual(['e:1', 'e:short'])
      expect(await post('bob', 'e:1')).toEqual(['e:1'])
      await eventually(async () => expect((await board.read(['e:short']))[0]?.size).toBe(0))
      expect(await post('ada', 'e:1', 'e:2', 'e:short')).toEqual(['e:2', 'e:short'])
      expect(await post('ada', 'e:2', 'e:1')).toEqual([])
    })

    test('takes a page down some time after it was written on last', async () => {
      await board.post('ada', [{ page: 'c:1', text: 'x', ttlMs: 20 }])
      await eventually(async () => expect((await board.read(['c:1']))[0]?.size).toBe(0))
    })

    test('can be asked for nothing, for many pages, and for names that objects have', async () => {
      await board.post('ada', [])
      expect(await board.read([])).toEqual([])
      const pages = Array.from({ length: 300 }, (_, index) => `d:${index}`)
      await board.post(
        'constructor',
        pages.map((page) => ({ page, text: page, ttlMs: 60_000 })),
      )
      const found = await board.read(pages)
      expect(found.map((texts) => texts.get('constructor'))).toEqual(pages)
    })
  })
}
