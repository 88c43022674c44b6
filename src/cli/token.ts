import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { createAppTokens } from '../core.ts'
import { parseUserId } from '../domain/ids.ts'
import { ROLES } from '../domain/viewer.ts'
import { UsageError } from './usage.ts'

/** Prints a token for a learner's id in a role, good for 24 hours. */
export async function token(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { user: { type: 'string' }, role: { type: 'string', default: 'user' } },
  })
  const id = parseUserId(values.user ?? '')
  const role = ROLES.find((known) => known === values.role)
  if (id === null) throw new UsageError('--user must be the id of a learner, as in --user 1')
  if (role === undefined) throw new UsageError(`--role must be one of ${ROLES.join(', ')}`)
  const issued = await createAppTokens(config).issue({ id, role }, Temporal.Now.instant())
  process.stdout.write(`${issued.token}\n`)
}
