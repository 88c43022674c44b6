import type { Memo, MemoQuestion } from '../cache/memo.ts'
import { type Clock, dayAt } from '../domain/calendar.ts'
import type { Recording, Speech } from '../domain/voice.ts'
import type { Budget, Payer } from './budget.ts'
import type { Savings } from './savings.ts'
import type { Heard, Line, Spoken, Voice, VoicePreparation } from './voice.ts'

export interface VoicesDeps {
  readonly voice: Voice
  readonly heard: Pick<Memo<Heard>, 'ask'>
  readonly spoken: Pick<Memo<Spoken>, 'ask'>
  readonly budget: Budget
  readonly savings: Pick<Savings, 'add'>
  readonly clock: Clock
}

/** What was said, and under which key that is remembered. */
export interface Transcript {
  readonly text: string
  readonly key: string
}

type Naming = (key: string) => Promise<void>

/** Has recordings written down and texts spoken, each only once while that is remembered, within learners' budgets. */
export interface Voices {
  /**
   * @param naming told the key before anything may be remembered under it, and waited for
   * @throws UPSTREAM_UNAVAILABLE, RATE_LIMITED, NOT_FOUND; the signal's reason when it is aborted
   */
  transcribe(recording: Recording, payer: Payer, signal: AbortSignal, naming?: Naming): Promise<Transcript>
  /** @throws the same */
  speak(line: Line, payer: Payer, signal: AbortSignal, naming?: Naming): Promise<Speech>
}

/** Characters of a text at most whose sound is remembered: longer ones are hardly said twice. */
export const REMEMBERED_SPEECH_MAX = 500

export function createVoices(deps: VoicesDeps): Voices {
  const { voice, heard, spoken } = deps
  return {
    async transcribe(recording, payer, signal, naming) {
      const preparation = voice.hear(recording)
      await naming?.(preparation.fingerprint)
      const { text } = await recalled(deps, heard, preparation, { payer, signal, mode: 'USE', kind: 'transcript' })
      return { text, key: preparation.fingerprint }
    },
    async speak(line, payer, signal, naming) {
      const preparation = voice.speak(line)
      const isKept = line.text.length <= REMEMBERED_SPEECH_MAX
      if (isKept) await naming?.(preparation.fingerprint)
      const mode = isKept ? 'USE' : 'BYPASS'
      const { audio, format } = await recalled(deps, spoken, preparation, { payer, signal, mode, kind: 'speech' })
      return { audio, format, fingerprint: isKept ? preparation.fingerprint : null }
    },
  }
}

interface Recall {
  readonly payer: Payer
  readonly signal: AbortSignal
  readonly mode: MemoQuestion<unknown>['mode']
  readonly kind: 'transcript' | 'speech'
}

async function recalled<Value extends { readonly usd: number | null }>(
  { budget, savings, clock }: VoicesDeps,
  memo: Pick<Memo<Value>, 'ask'>,
  { fingerprint, ask }: VoicePreparation<Value>,
  { payer, signal, mode, kind }: Recall,
): Promise<Value> {
  const { value, from } = await memo.ask({
    tag: `${kind}:${fingerprint}`,
    fingerprint,
    mode,
    // What a learner says is theirs, and so may be what is said to them.
    personal: true,
    asker: null,
    signal,
    compute: (call) => budget.pay(payer, { signal: call.signal }, ask),
  })
  if (from !== 'COMPUTED') savings.add({ userId: payer.learner, date: dayAt(clock(), payer.timezone) }, value.usd)
  return value
}
