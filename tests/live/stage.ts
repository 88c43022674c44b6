import { type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { SECRET } from './learners.ts'
import { type LiveNode, startNode } from './live-node.ts'
import { type Switches, switchesToEnv } from './switches.ts'
import { openTruth, type Truth } from './truth.ts'

export interface StageOptions {
  /** An empty database that is ours alone. */
  readonly databaseUrl: string
  readonly nodes: number
  readonly switches?: Partial<Omit<Switches, 'busUrl'>>
  /** Further variables of the servers. */
  readonly env?: Readonly<Record<string, string>>
}

/** One node's two ways to Redis. */
export interface Wires {
  readonly commands: FlakyProxy
  readonly bus: FlakyProxy
}

/** Everything that runs: the servers, Redis, and what lies between them. */
export interface Stage extends AsyncDisposable {
  /** Those that are asked at the moment. */
  readonly nodes: readonly LiveNode[]
  readonly redis: RedisServer
  readonly wires: readonly Wires[]
  readonly truth: Truth
  /** Answers that all servers so far have found whole, as far as they have said so. */
  readonly whole: () => number
  /** Sends no more to this node, waits until it is gone, and starts another in its place. */
  replace(node: LiveNode): Promise<void>
}

export async function startStage(options: StageOptions): Promise<Stage> {
  await using started = new AsyncDisposableStack()
  const redis = started.use(await startRedis())
  const truth = started.use(openTruth(options.databaseUrl))
  const port = Number(new URL(redis.url).port)
  const wires: Wires[] = []
  for (let place = 0; place < options.nodes; place += 1) {
    const [commands, bus] = [await startFlakyProxy(port), await startFlakyProxy(port)]
    started.use(commands)
    started.use(bus)
    wires.push({ commands, bus })
  }
  const places = started.use(new Places(options))
  const starts = await Promise.allSettled(wires.map((place) => places.fill(place)))
  for (const start of starts) if (start.status === 'rejected') throw start.reason

  const stack = started.move()
  return {
    get nodes() {
      return places.nodes
    },
    redis,
    wires,
    truth,
    whole: () => places.whole,
    replace: (node) => places.replace(node),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** The servers, each at its own wires. */
class Places implements AsyncDisposable {
  readonly #options: StageOptions
  readonly #at = new Map<Wires, LiveNode>()
  readonly #born: LiveNode[] = []
  #started = 0

  constructor(options: StageOptions) {
    this.#options = options
  }

  get nodes(): readonly LiveNode[] {
    return [...this.#at.values()]
  }

  get whole(): number {
    return this.#born.reduce((sum, node) => sum + node.whole(), 0)
  }

  async fill(place: Wires): Promise<void> {
    const { databaseUrl, switches, env } = this.#options
    this.#started += 1
    const node = await startNode(`node-${this.#started}`, {
      ...ENVIRONMENT,
      DATABASE_URL: databaseUrl,
      REDIS_URL: addressOf(place.commands),
      ...switchesToEnv({ weaken: null, slowReadsMs: 0, slowStoreMs: 0, ...switches, busUrl: addressOf(place.bus) }),
      ...env,
    })
    this.#at.set(place, node)
    this.#born.push(node)
  }

  async replace(node: LiveNode): Promise<void> {
    const place = [...this.#at.keys()].find((wires) => this.#at.get(wires) === node)
    if (place === undefined) throw new Error(`${node.name} is not on stage`)
    this.#at.delete(place)
    await node.exited
    await this.fill(place)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()))
  }
}

const addressOf = ({ port }: FlakyProxy): string => `redis://127.0.0.1:${port}`

const ENVIRONMENT = { AUTH_SECRET: SECRET, NODE_ENV: 'test', LOG_LEVEL: 'warn', DATABASE_POOL_MAX: '8' }
