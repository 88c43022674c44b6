import { recalled } from '../../commands/converse.ts'
import { type Job as JobModel, progressOf } from '../../domain/job.ts'
import type { GraphQLContext } from '../context.ts'
import type { JobResolvers } from '../generated/schema-types.ts'
import { sent, speechOf } from './payloads.ts'

export const Job: JobResolvers = {
  progress: progressOf,
  userMessage: async (job, _, { reads }) => (await reads.said(job))?.message ?? null,
  result,
  async speech(job, _, context) {
    const said = await context.reads.said(job)
    return said?.exchange ? speechOf(said.exchange.answer, context) : null
  },
}

async function result(job: JobModel, _: unknown, { reads, clock }: GraphQLContext) {
  const said = job.practised && (await reads.said(job))
  if (!said?.exchange || job.practised === null) return null
  return { ...sent(recalled({ ...said.exchange, ...job.practised }, { clock })), job }
}
