import { setImmediate as nextTurn } from 'node:timers/promises'
import { StoreUnavailable } from '../cache/shared-store.ts'

/** Somebody who is asked, and may change. */
export interface Asked {
  /** Milliseconds that a caller waits at most. */
  readonly budgetMs: number
  /** Null while there is nobody to ask. */
  life(): string | null
  /** Told when there was no answer in time. */
  doubt(): void
}

export interface Answered<Answer> {
  readonly answer: Answer
  readonly life: string
}

/**
 * Does something as long as the one who is asked lives the given life, or any when that is undefined.
 * @throws StoreUnavailable in time, on any failure, and when the life was another one afterwards
 */
export async function inOneLife<Answer>(
  { budgetMs, life, doubt }: Asked,
  expected: string | undefined,
  work: () => Promise<Answer>,
): Promise<Answered<Answer>> {
  const before = life()
  if (before === null || (expected !== undefined && before !== expected)) {
    throw new StoreUnavailable('no connection to this life of the store')
  }
  const answer = await within(budgetMs, work()).catch((error) => {
    if (error instanceof StoreUnavailable && error.silent) doubt()
    throw error
  })
  if (life() !== before) throw new StoreUnavailable('the connection changed')
  return { answer, life: before }
}

/** Waits a limited time; whatever goes wrong, the store is unavailable. What was sent is done all the same. */
export async function within<Answer>(budgetMs: number, work: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(async () => {
    // This process may have been held up itself: answers that have arrived meanwhile are read first.
    await nextTurn()
    reject(new StoreUnavailable(`no answer within ${budgetMs} ms`, { silent: true }))
  }, budgetMs)
  try {
    return await Promise.race([work, late])
  } catch (error) {
    // The driver's errors carry the command with its values, and stay here.
    throw error instanceof StoreUnavailable ? error : new StoreUnavailable(String(error))
  } finally {
    clearTimeout(timer)
  }
}
