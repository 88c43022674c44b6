import { type Connection, openConnection } from './connection.ts'

/** One request and what to do with its answer. */
export interface Exchange {
  readonly request: Buffer
  /** @throws when the answer is wrong */
  check(body: Buffer): void
}

/** Says what is asked next; called at the moment of asking. */
export type Next = () => Exchange

/**
 * Asks one server, on connections that stay open for as long as a call takes: between two turns a server may close those
 * that are idle.
 */
export interface Load {
  /** Each connection asks again as soon as it is answered: what the server can do at most. */
  closed(next: Next, seconds: number): Promise<Throughput>
  /** Asks at a steady rate, whether or not the server keeps up: what its callers wait. */
  open(next: Next, perSecond: number, seconds: number): Promise<Waits>
  /** Performs so many exchanges and no more. */
  times(next: Next, count: number): Promise<void>
}

export interface Throughput {
  readonly perSecond: number
  /** The part of a core that asking has taken. */
  readonly generatorCpu: number
}

export interface Waits {
  readonly p50Ms: number
  readonly p99Ms: number
}

const TICK_MS = 1

/** Longer than any call takes that is getting on. */
const PATIENCE_MS = 600_000

export function createLoad(port: number, size: number): Load {
  return {
    closed: (next, seconds) => withConnections(port, size, (opened, fail) => askFor(opened, next, { seconds, fail })),
    open: (next, perSecond, seconds) =>
      withConnections(port, size, (opened, fail) => askSteadily(opened, next, { perSecond, seconds, fail })),
    async times(next, count) {
      const asking = Math.min(size, count)
      let left = count - asking
      const another = () => left-- > 0
      await withConnections(port, asking, (opened, fail) =>
        Promise.all(opened.map((each) => askOn(each, next, { count: another, fail }))),
      )
    },
  }
}

/** Whatever goes wrong on any connection ends it all, as does a server that has fallen silent. */
async function withConnections<T>(
  port: number,
  size: number,
  work: (opened: readonly Connection[], fail: (error: Error) => void) => Promise<T>,
): Promise<T> {
  using stack = new DisposableStack()
  const { promise: failure, reject: fail } = Promise.withResolvers<never>()
  const opening = Array.from({ length: size }, () => openConnection(port, fail))
  for (const connection of opening) stack.use(connection)
  const silence = setTimeout(() => fail(new Error('A server does not answer any more.')), PATIENCE_MS)
  stack.defer(() => clearTimeout(silence))
  await Promise.race([Promise.all(opening.map(({ connected }) => connected)), failure])
  return await Promise.race([work(opening, fail), failure])
}

interface Spell {
  readonly seconds: number
  readonly fail: (error: Error) => void
}

async function askFor(opened: readonly Connection[], next: Next, { seconds, fail }: Spell): Promise<Throughput> {
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  const end = begun + 1000 * seconds
  let answers = 0
  const count = () => {
    answers += 1
    return performance.now() < end
  }
  await Promise.all(opened.map((connection) => askOn(connection, next, { count, fail })))
  const ms = performance.now() - begun
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (1000 * answers) / ms, generatorCpu: (user + system) / 1000 / ms }
}

interface Asking {
  /** Counts an answer; whether to go on. */
  readonly count: () => boolean
  readonly fail: (error: Error) => void
}

/** One after the other on one connection. */
function askOn(connection: Connection, next: Next, { count, fail }: Asking): Promise<void> {
  const { promise: done, resolve } = Promise.withResolvers<void>()
  function ask(): void {
    const { request, check } = next()
    connection.send(request, (body) => {
      try {
        check(body)
        if (count()) ask()
        else resolve()
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)))
      }
    })
  }
  ask()
  return done
}

interface Schedule extends Spell {
  readonly perSecond: number
}

/**
 * The n-th request is due at n / rate, and its wait counts from then, also while every connection is busy: a server
 * that stalls cannot keep the requests from coming that would have met the stall.
 */
function askSteadily(connections: readonly Connection[], next: Next, schedule: Schedule): Promise<Waits> {
  const { perSecond, seconds, fail } = schedule
  const { promise: done, resolve } = Promise.withResolvers<Waits>()
  const idle = [...connections]
  const waits = new Float64Array(Math.floor(perSecond * seconds))
  const begun = performance.now()
  let [asked, answered] = [0, 0]

  function askWhatIsDue(): void {
    const due = Math.min(waits.length, Math.floor(((performance.now() - begun) * perSecond) / 1000))
    while (asked < due) {
      const connection = idle.pop()
      if (!connection) return
      askOne(connection, begun + (1000 * asked) / perSecond)
      asked += 1
    }
  }
  function askOne(connection: Connection, dueAt: number): void {
    const { request, check } = next()
    connection.send(request, (body) => {
      waits[answered++] = performance.now() - dueAt
      idle.push(connection)
      try {
        check(body)
        askWhatIsDue()
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)))
      }
      if (answered === waits.length) finish()
    })
  }
  function finish(): void {
    clearInterval(timer)
    waits.sort()
    const at = (part: number) => waits[Math.floor(part * (waits.length - 1))] ?? Number.NaN
    resolve({ p50Ms: at(0.5), p99Ms: at(0.99) })
  }
  const timer = setInterval(askWhatIsDue, TICK_MS)
  return done
}
