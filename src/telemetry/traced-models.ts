import type { Call, Spending, Tutor } from '../replies/tutor.ts'
import type { Line, Voice, VoicePreparation } from '../replies/voice.ts'
import type { Facts, Learn, Part, Spans } from './spans.ts'

/** The models as they are configured. */
export interface ModelNames {
  readonly baseUrl: string | null
  readonly model: string
  readonly fallbackModel: string | null
  readonly transcriptionModel: string
  readonly speechModel: string
}

/** Each question to a model is a part, with what it costs; never what is said. @param models null: the embedded engine */
export function tracedTutor(tutor: Tutor, models: ModelNames | null, spans: Spans): Tutor {
  const names = models ? [models.model, models.fallbackModel ?? models.model] : []
  return {
    status: () => tutor.status(),
    [Symbol.asyncDispose]: () => tutor[Symbol.asyncDispose](),
    prepare: (lesson) =>
      tutor.prepare(lesson).map((preparation, index) => {
        const part = models ? genAi('chat', names[index] ?? models.model, models) : { name: 'embedded tutor' }
        return {
          fingerprint: preparation.fingerprint,
          ask: (call) => spans.part(part, (learn) => preparation.ask(telling(call, learn))),
        }
      }),
  }
}

export function tracedVoice(voice: Voice, models: ModelNames, spans: Spans): Voice {
  const following = <Answer>(part: Part, { fingerprint, ask }: VoicePreparation<Answer>): VoicePreparation<Answer> => ({
    fingerprint,
    ask: (call) => spans.part(part, (learn) => ask(telling(call, learn))),
  })
  const hearing = genAi('speech_to_text', models.transcriptionModel, models)
  const speaking = genAi('text_to_speech', models.speechModel, models)
  return {
    hear: (recording) => following(hearing, voice.hear(recording)),
    speak: (line: Line) => following(speaking, voice.speak(line)),
    [Symbol.asyncDispose]: () => voice[Symbol.asyncDispose](),
  }
}

/** In the words of OpenTelemetry's conventions for generative models. */
function genAi(operation: string, model: string, { baseUrl }: ModelNames): Part {
  return {
    name: `${operation} ${model}`,
    outside: true,
    facts: {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'server.address': baseUrl === null ? 'api.openai.com' : new URL(baseUrl).hostname,
    },
  }
}

/** The same call, whose spending is told as well. */
function telling<Asked extends Pick<Call, 'onSpent'>>(call: Asked, learn: Learn): Asked {
  return {
    ...call,
    onSpent(spent: Spending) {
      learn(spendingFacts(spent))
      call.onSpent?.(spent)
    },
  }
}

const spendingFacts = ({ tokens, usd }: Spending): Facts => ({
  ...(tokens && {
    'gen_ai.usage.input_tokens': tokens.tokensIn,
    'gen_ai.usage.cache_read.input_tokens': tokens.tokensCached,
    'gen_ai.usage.output_tokens': tokens.tokensOut,
  }),
  ...(usd !== null && { 'honzik.usd': usd }),
})
