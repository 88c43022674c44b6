import { expect, test } from 'vitest'
import { inOneLife } from '../../src/redis/one-life.ts'
import { unavailable } from './opened-store.ts'

/** Somebody who lives a life that can be changed. */
function someone(budgetMs = 5_000) {
  const state = { life: 'first' as string | null, doubts: 0 }
  const asked = {
    budgetMs,
    life: () => state.life,
    doubt() {
      state.doubts += 1
    },
  }
  return { state, asked }
}

test('an answer tells the life that it is of', async () => {
  const { asked } = someone()
  expect(await inOneLife(asked, undefined, async () => 'answer')).toEqual({ answer: 'answer', life: 'first' })
  expect(await inOneLife(asked, 'first', async () => 'answer')).toEqual({ answer: 'answer', life: 'first' })
})

test('nobody is asked in another life, and in none', async () => {
  const { asked, state } = someone()
  const never = async () => expect.unreachable()
  await expect(inOneLife(asked, 'second', never)).rejects.toMatchObject(unavailable)
  state.life = null
  await expect(inOneLife(asked, undefined, never)).rejects.toMatchObject(unavailable)
})

test.each(['second', null])('an answer does not count when the life is %s by then', async (life) => {
  const { asked, state } = someone()
  const answer = inOneLife(asked, 'first', async () => {
    state.life = life
    return 'answer'
  })
  await expect(answer).rejects.toMatchObject(unavailable)
})

test('silence raises doubts; a refusal does not, and its values are not passed on', async () => {
  const { asked, state } = someone(1)
  const silence = inOneLife(asked, undefined, () => new Promise(() => {}))
  await expect(silence).rejects.toMatchObject({ ...unavailable, silent: true })
  expect(state.doubts).toBe(1)
  const refusal = Object.assign(new Error('OOM'), { command: { args: ['value'] } })
  const refused = await inOneLife(asked, undefined, () => Promise.reject(refusal)).catch((error: unknown) => error)
  expect(refused).toMatchObject({ ...unavailable, silent: false, message: 'Error: OOM' })
  expect([refused instanceof Error && refused.cause, state.doubts]).toEqual([undefined, 1])
})
