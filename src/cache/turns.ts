/** Waits until whatever is ready now has run: what is asked for meanwhile can be asked together. */
export type NextTurn = () => Promise<void>

/** The event loop's own next turn. */
export const nextTurn: NextTurn = () => new Promise((resolve) => setImmediate(resolve))

/**
 * One question for everyone who asks it within one turn. The question is put after all of them have asked, so its
 * answer is as fresh as each of them could have got alone.
 */
export function oncePerTurn<Answer>(turn: NextTurn, ask: () => Promise<Answer>): () => Promise<Answer> {
  let asking: Promise<Answer> | null = null
  return () => {
    asking ??= turn().then(() => {
      asking = null
      return ask()
    })
    return asking
  }
}
