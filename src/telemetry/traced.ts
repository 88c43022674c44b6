import type { Facts, Part, Spans } from './spans.ts'

/** A call as a part of what is followed. */
export interface Call extends Part {
  /** What is only known once it is answered. */
  readonly learned?: (answer: unknown) => Facts
}

/** What a call is followed as; null for one that is not worth it. Methods of objects within are `inner.method`. */
export type Naming = (method: string, args: readonly unknown[]) => Call | null

/**
 * The same object, whose methods run as parts of what is followed, those of the objects within it too. Methods that come
 * later are followed as soon as they are there.
 */
export function traced<Port extends object>(port: Port, spans: Spans, naming: Naming): Port {
  const made = new Map<string, unknown>()
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof name !== 'string') return typeof member === 'function' ? member.bind(target) : member
      if (typeof member === 'function')
        return made.getOrInsertComputed(name, () =>
          following(spans, naming, name, (args) => Reflect.apply(member, target, args)),
        )
      if (typeof member !== 'object' || member === null) return member
      return made.getOrInsertComputed(name, () =>
        traced(member, spans, (method, args) => naming(`${name}.${method}`, args)),
      )
    },
  })
}

const following =
  (spans: Spans, naming: Naming, name: string, call: (args: unknown[]) => unknown) =>
  (...args: unknown[]): unknown => {
    const named = naming(name, args)
    if (named === null) return call(args)
    const { learned, ...part } = named
    return spans.part(part, (learn) => {
      const answer = call(args)
      if (learned && answer instanceof Promise)
        answer.then(
          (known) => learn(learned(known)),
          () => {},
        )
      return answer
    })
  }
