import { expect, test } from 'vitest'
import { streamed } from '../../src/graphql/streamed.ts'

async function all<Part>(parts: AsyncIterable<Part>): Promise<Part[]> {
  const read: Part[] = []
  for await (const part of parts) read.push(part)
  return read
}

test('a stream has what was emitted, in its order, and ends with the work', async () => {
  const parts = streamed<number>(async (emit) => {
    emit(1)
    emit(2)
    await Promise.resolve()
    emit(3)
  })
  expect(await all(parts)).toEqual([1, 2, 3])
})

test('a stream of work that emits nothing is empty', async () => {
  expect(await all(streamed(async () => {}))).toEqual([])
})

test('a stream fails as its work does, after what was emitted before', async () => {
  const fault = new Error('the work failed')
  const parts = streamed<number>(async (emit) => {
    emit(1)
    throw fault
  })
  expect(await parts.next()).toEqual({ done: false, value: 1 })
  await expect(parts.next()).rejects.toBe(fault)
})

test('a slow reader misses nothing', async () => {
  const { promise: read, resolve } = Promise.withResolvers<void>()
  const parts = streamed<number>(async (emit) => {
    emit(1)
    await read
    for (let part = 2; part <= 5; part += 1) emit(part)
  })
  expect(await parts.next()).toMatchObject({ value: 1 })
  resolve()
  expect(await all(parts)).toEqual([2, 3, 4, 5])
})

test('work does not begin before somebody reads', async () => {
  let begun = false
  const parts = streamed(async () => {
    begun = true
  })
  expect(begun).toBe(false)
  await all(parts)
  expect(begun).toBe(true)
})
