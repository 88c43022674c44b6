import { lookup, Resolver } from 'node:dns/promises'

/** All addresses of a name, of both families. Rejects when there are none, or when the signal is aborted first. */
export type Lookup = (name: string, signal: AbortSignal) => Promise<readonly string[]>

/**
 * Asks DNS itself, so that a name means what it means to everybody: no hosts file, no search domains.
 *
 * `dns.lookup` would also hold one of the few threads on which this process looks up PostgreSQL, Redis and the model for
 * as long as the slowest name server that anybody has registered takes. These questions hold none and can be taken back.
 * @param servers as `address:port` @default those of the system
 */
export function publicLookup(servers?: readonly string[]): Lookup {
  return async (name, signal) => {
    signal.throwIfAborted()
    const resolver = new Resolver({ timeout: 2_000, tries: 2 })
    if (servers !== undefined) resolver.setServers(servers)
    const cancel = () => resolver.cancel()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
      const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      if (addresses.length > 0) return addresses
      throw new AggregateError(answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : [])))
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }
}

/** Asks the system, which also knows `localhost` and the names of containers. */
export const systemLookup: Lookup = async (name) => (await lookup(name, { all: true })).map(({ address }) => address)
