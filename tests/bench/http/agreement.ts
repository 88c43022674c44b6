import type { UserId } from '../../../src/domain/ids.ts'
import { type Contender, oursUncached, type Place } from './contenders.ts'
import { createLoad, type Load } from './load.ts'
import type { Requests } from './requests.ts'

/** What the database says, as our server answers it without any cache. */
export interface Reference {
  /** One answer as it goes over the wire. */
  readonly body: string
  /** @throws when a server answers anything else */
  require(contender: Contender, load: Load): Promise<void>
}

const ASKED = 20

/** Asks anew for every case: at each midnight somewhere some learners' days change. */
export async function askReference(place: Place, learners: readonly UserId[], requests: Requests): Promise<Reference> {
  const asked = learners.slice(0, ASKED)
  const ask = async (load: Load) => {
    const bodies: string[] = []
    for (const id of asked)
      await load.times(() => ({ request: requests.read(id), check: (body) => bodies.push(body.toString()) }), 1)
    return bodies
  }
  await using server = await oursUncached.start(place)
  const load = createLoad(server.port, 1)
  const expected = await ask(load)
  return {
    body: expected[0] ?? '',
    async require({ name, kind }, other) {
      if (kind === 'bare') return
      const answers = await ask(other)
      for (const [index, answer] of answers.entries())
        if (dataOf(answer) !== dataOf(expected[index] ?? ''))
          throw new Error(`${name} does not agree:\n${answer}\nbut expected was\n${expected[index]}`)
    },
  }
}

/** Written anew, so that only what counts is compared: the values, and their order. */
const dataOf = (answer: string): string => JSON.stringify(JSON.parse(answer).data)
