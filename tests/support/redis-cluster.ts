import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { admitOnly, type RedisServer, type RedisUser, startRedis } from './redis-server.ts'

const SLOTS = 16_384

export interface RedisCluster extends AsyncDisposable {
  readonly url: string
  /** The masters it began with, in the order of their slots; replicas behind them. */
  readonly nodes: readonly RedisServer[]
  /** The node that a slot belonged to at first. */
  ownerOf(slot: number): RedisServer
}

export interface RedisClusterOptions {
  readonly masters?: number
  /** The node with this number gets a replica. */
  readonly replicaOf?: number
  /** Who may do what the given rules say; whoever does not say who they are may then do none of it. */
  readonly user?: RedisUser
}

/** Starts a Redis Cluster on free ports, the slots in equal parts over its masters. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, replicaOf, user } = options
  await using starting = new AsyncDisposableStack()
  const nodes: RedisServer[] = []
  const busPorts: number[] = []
  for (let index = 0; index < masters + (replicaOf === undefined ? 0 : 1); index += 1) {
    const busPort = await freePort()
    const settings = [
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      `${busPort}`,
      '--cluster-node-timeout',
      '1000',
      '--repl-diskless-sync-delay',
      '0',
    ]
    nodes.push(starting.use(await startRedis(settings)))
    busPorts.push(busPort)
  }
  const share = Math.ceil(SLOTS / masters)
  for (const [index, node] of nodes.entries()) {
    // Only a node that knows no other can be given one; equal ones would be settled some time later.
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
    const to = Math.min(SLOTS, (index + 1) * share) - 1
    if (index < masters) await node.command('CLUSTER', 'ADDSLOTSRANGE', index * share, to)
  }
  for (const [index, node] of nodes.entries()) {
    for (const [other, { port }] of nodes.entries()) {
      if (other > index) await node.command('CLUSTER', 'MEET', '127.0.0.1', port, busPorts[other] ?? 0)
    }
  }
  await Promise.all(nodes.map((node) => eventually(() => knows(node, nodes.length))))
  if (replicaOf !== undefined) await replicate(nodes, replicaOf, masters)
  if (user) await Promise.all(nodes.map((node) => admitOnly(node, user)))
  const running = starting.move()
  const credentials = user ? `${user.name}:${encodeURIComponent(user.password)}@` : ''
  return {
    url: `redis+cluster://${credentials}${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    ownerOf: (slot) => nodes[Math.floor(slot / share)] ?? raise(`no slot ${slot}`),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Resolves when a node has met all others and all slots are served. */
async function knows(node: RedisServer, count: number): Promise<void> {
  const info = await node.command('CLUSTER', 'INFO')
  if (!info.includes('cluster_state:ok') || !info.includes(`cluster_known_nodes:${count}\r`)) throw new Error(info)
  // Handshakes give nodes names for the time being; two that are still at it do not count each other as usable.
  const known = await node.command('CLUSTER', 'NODES')
  if (/handshake|noaddr|fail|disconnected/.test(known)) throw new Error(known)
}

async function replicate(nodes: readonly RedisServer[], master: number, replica: number): Promise<void> {
  const id = bulk((await nodes[master]?.command('CLUSTER', 'MYID')) ?? '')
  await nodes[replica]?.command('CLUSTER', 'REPLICATE', id)
  await eventually(async () => {
    const info = (await nodes[replica]?.command('INFO', 'replication')) ?? ''
    if (!info.includes('master_link_status:up')) throw new Error(info)
    for (const node of nodes) if (!(await node.command('CLUSTER', 'NODES')).includes(`slave ${id}`)) throw new Error(id)
  })
}

/** The text of a bulk string's reply. */
export const bulk = (reply: string): string => reply.slice(reply.indexOf('\r\n') + 2, -2)

function raise(message: string): never {
  throw new Error(message)
}
