import type { Logger } from 'pino'
import type { TutorReporter } from '../replies/tutor.ts'

/** Writes down what models answer, what that costs, and why they do not: never what learners say. */
export function createTutorLog(log: Pick<Logger, 'info' | 'warn'>): TutorReporter {
  return (event) => {
    const { model } = event
    if (event.kind === 'breaker') {
      if (event.state === 'open') log.warn({ model }, 'model not asked')
      else log.info({ model }, 'model asked again')
      return
    }
    const milliseconds = Math.round(event.milliseconds)
    if (event.kind === 'answered') {
      const { tokens, usd } = event
      log.info({ model, ...tokens, usd, milliseconds }, 'model answered')
    } else {
      // Its message and properties may repeat what was sent: the learner's words.
      log.warn({ model, trouble: event.trouble, cause: nameOf(event.error), milliseconds }, 'model did not answer')
    }
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
