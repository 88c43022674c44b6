/** Waits until whatever is ready now has run: what is asked for meanwhile can be asked together. */
export type NextTurn = () => Promise<void>

/** The event loop's own next turn. */
export const nextTurn: NextTurn = () => new Promise((resolve) => setImmediate(resolve))

/**
 * One question for everyone who asks it within one turn, and one question at a time: who asks while one is under way waits
 * until it is answered, and is then asked for together with all who wait. A question is put after all of them have asked,
 * so its answer is as fresh as each of them could have got alone.
 */
export function oneAtATime<Answer>(turn: NextTurn, ask: () => Promise<Answer>): () => Promise<Answer> {
  let underWay: Promise<void> | null = null
  let gathering: Promise<Answer> | null = null

  function put(): Promise<Answer> {
    gathering = null
    const answer = ask()
    const over = () => {
      if (underWay === mine) underWay = null
    }
    const mine = answer.then(over, over)
    underWay = mine
    return answer
  }

  return () => {
    gathering ??= (underWay ?? turn()).then(put)
    return gathering
  }
}
