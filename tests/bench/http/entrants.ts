import { writeFileSync } from 'node:fs'
import type { UserId } from '../../../src/domain/ids.ts'
import { eventually } from '../../support/eventually.ts'
import { startRedis } from '../../support/redis-server.ts'
import { copyDatabase } from '../world/learners.ts'
import { administer } from '../world/postgres.ts'
import { askReference, type Reference } from './agreement.ts'
import type { Case } from './cases.ts'
import type { Contender, Place } from './contenders.ts'
import { createLoad, type Load } from './load.ts'
import type { Requests } from './requests.ts'
import type { Server } from './server.ts'
import { createWorkload, type Workload } from './workload.ts'

/** What all contenders are asked about, and how. */
export interface World {
  /** The address of a database on the PostgreSQL server that nobody is connected to. */
  readonly serverUrl: string
  /** The database with the learners. */
  readonly database: { readonly name: string; readonly url: string }
  readonly learners: readonly UserId[]
  readonly requests: Requests
  /** Where an answer is put for the one that always gives the same. */
  readonly answerFile: string
}

/** A contender with all that it needs to be started, as often as is wanted. */
export interface Entrant {
  readonly contender: Contender
  /** Goes on where it stopped when the server is started again: what was acknowledged has to stay. */
  readonly workload: Workload
  start(): Promise<Started>
}

/** A contender that is up, warm, and answers as it should. */
export interface Started extends AsyncDisposable {
  readonly server: Server
  readonly load: Load
}

const CONNECTIONS = 32
const VISITS = 2
/** Seconds of load before anything counts: what is used often is compiled meanwhile, and servers run for days. */
const WARMING_S = 5

/** Prepares everyone of a case. Whatever they need is put on the stack. */
export async function enterAll(it: Case, world: World, opened: AsyncDisposableStack): Promise<readonly Entrant[]> {
  const { database, answerFile, learners, requests } = world
  const redis = opened.use(await startRedis())
  const place = { databaseUrl: database.url, redisUrl: redis.url, answerFile }
  const reference = await askReference(place, learners, requests)
  writeFileSync(answerFile, reference.body)
  const entrants: Entrant[] = []
  for (const contender of it.contenders) {
    const own = { ...place, ...(await placeOf(contender, { it, world, opened })) }
    const workload = createWorkload({ learners, requests, changes: it.changes })
    const start = () => startWarm(contender, { place: own, reference, workload, learners: learners.length })
    entrants.push({ contender, workload, start })
  }
  return entrants
}

interface Entry {
  readonly it: Case
  readonly world: World
  readonly opened: AsyncDisposableStack
}

/** Nobody shares a Redis; where something is changed, nobody shares a database: no other would hear of the change. */
async function placeOf({ key, kind }: Contender, { it, world, opened }: Entry): Promise<Partial<Place>> {
  const redisUrl = opened.use(await startRedis()).url
  if (it.changes === 0) return { redisUrl }
  const name = `${it.key}_${key}`.replaceAll('-', '_')
  // Whoever was connected last may not be quite gone.
  const databaseUrl = await eventually(() => copyDatabase(world.serverUrl, world.database.name, name))
  // What our migrations note for our cache would be of no use to the others.
  if (kind === 'peer') await administer(databaseUrl, 'alter table users disable trigger user')
  return { redisUrl, databaseUrl }
}

interface Warm {
  readonly place: Place
  readonly reference: Reference
  readonly workload: Workload
  readonly learners: number
}

async function startWarm(contender: Contender, { place, reference, workload, learners }: Warm): Promise<Started> {
  const server = await contender.start(place)
  try {
    const load = createLoad(server.port, CONNECTIONS)
    // What was renamed since is not what the reference says.
    const comparable = workload.tally().changes === 0
    if (comparable) await reference.require(contender, load)
    await load.times(workload.visit, VISITS * learners)
    // Remembered answers are not to differ from those just made.
    if (comparable) await reference.require(contender, load)
    await load.closed(workload.next, WARMING_S)
    return { server, load, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}
