import { notFound } from '../domain/error.ts'
import { type MessageId, parseJobId } from '../domain/ids.ts'
import type { Job } from '../domain/job.ts'
import { isAccessible, type Viewer } from '../domain/viewer.ts'
import type { SpeechFacts } from '../domain/voice.ts'
import type { Loaders } from './loaders.ts'
import type { Said } from './readers.ts'

/** Work in the background, as far as one request may see it. */
export interface JobReads {
  /** @throws NOT_FOUND, of other people's too */
  job(id: string): Promise<Job>
  /** The message that a job is about, with its answer as soon as there is one; null until a recording was transcribed. */
  said(job: Job): Promise<Said | null>
  /** What is known of how a message sounds; null where it was not spoken. Of messages that the viewer may see. */
  speech(id: MessageId): Promise<SpeechFacts | null>
}

export interface JobReadsDeps {
  /** The request's loaders: others after each of its changes. */
  readonly loaders: () => Loaders
  readonly viewer: Viewer
}

export function createJobReads({ loaders, viewer }: JobReadsDeps): JobReads {
  return {
    async job(text) {
      const id = parseJobId(text)
      const job = id && (await loaders().job.load(id))
      if (job === null || !isAccessible(viewer, job.userId)) throw notFound('job')
      return job
    },
    said: async ({ messageId }) => messageId && loaders().said.load(messageId),
    speech: (id) => loaders().speech.load(id),
  }
}
