/** One thing that may happen next, and what is then the case. */
export interface Step<State> {
  readonly label: string
  readonly state: State
}

/** Something that can be in finitely many states and goes from one to the next. */
export interface System<State, Next extends Step<State> = Step<State>> {
  readonly initial: State
  /** Equal for states that are the same, different for all others. */
  key(state: State): string
  next(state: State): readonly Next[]
  /** What is wrong with a state from which these steps lead on; null when nothing is. */
  judge(state: State, next: readonly Next[]): string | null
}

export interface Exploration {
  /** How many different states were judged. */
  readonly states: number
  /** The first thing that was found wrong, with a shortest way to it; null when every state was seen and all are well. */
  readonly finding: { readonly what: string; readonly trace: readonly string[] } | null
}

/** Where a state was first come from. */
interface Arrival {
  readonly label: string
  readonly from: Arrival | null
}

/**
 * Visits every state that can be reached, nearest first, so that what is found wrong is found by a shortest way.
 * Throws when there are more states than `limit`: a search that was cut short proves nothing.
 */
export function explore<State, Next extends Step<State>>(system: System<State, Next>, limit: number): Exploration {
  const seen = new Set([system.key(system.initial)])
  let states = 0
  let frontier: (readonly [State, Arrival | null])[] = [[system.initial, null]]
  while (frontier.length > 0) {
    const reached: typeof frontier = []
    for (const [state, arrival] of frontier) {
      states += 1
      const next = system.next(state)
      const what = system.judge(state, next)
      if (what !== null) return { states, finding: { what, trace: wayTo(arrival) } }
      for (const step of next) {
        const key = system.key(step.state)
        if (seen.has(key)) continue
        seen.add(key)
        reached.push([step.state, { label: step.label, from: arrival }])
      }
    }
    if (seen.size > limit) throw new RangeError(`More than ${limit} states: too many to see all of them.`)
    frontier = reached
  }
  return { states, finding: null }
}

function wayTo(arrival: Arrival | null): string[] {
  const labels: string[] = []
  for (let at = arrival; at !== null; at = at.from) labels.push(at.label)
  return labels.reverse()
}
