import { type NextTurn, nextTurn } from './turns.ts'

/**
 * The same read, with what is asked within one turn of the event loop, by whichever request, in one call. Answers come
 * in the order of the questions. Nothing is remembered.
 */
export function gathered<Question, Answer>(
  read: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  turn: NextTurn = nextTurn,
): (questions: readonly Question[]) => Promise<readonly Answer[]> {
  let waiting: { readonly questions: Question[]; readonly answers: Promise<readonly Answer[]> } | null = null

  function begin() {
    const questions: Question[] = []
    const answers = turn().then(() => {
      waiting = null
      return read(questions)
    })
    return { questions, answers }
  }

  return async (asked) => {
    waiting ??= begin()
    const { questions, answers } = waiting
    const from = questions.length
    questions.push(...asked)
    return (await answers).slice(from, from + asked.length)
  }
}
