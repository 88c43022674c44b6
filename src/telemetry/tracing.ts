import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SimpleSpanProcessor,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { RequestTraces } from '../http/request-traces.ts'
import type { Sources } from '../loaders/sources.ts'
import type { Tutor } from '../replies/tutor.ts'
import type { Voice } from '../replies/voice.ts'
import type { TracingConfig } from '../tracing-config.ts'
import { createRequestSpans } from './request-spans.ts'
import { Spans } from './spans.ts'
import { type ModelNames, tracedTutor, tracedVoice } from './traced-models.ts'
import { type DatabasePorts, type StorePorts, tracedDatabase, tracedSources, tracedStore } from './traced-ports.ts'
import { createTreeExporter } from './tree-exporter.ts'
import { watched } from './watched-exporter.ts'

/** Whoever follows requests and jobs through this process. Disposing of it sends what is left, and waits a second at most. */
export interface Tracing extends AsyncDisposable {
  readonly requests: RequestTraces
  /** Of what is followed at the moment. */
  readonly traceId: () => string | undefined
  /** Runs something that nobody asked for, such as a stage of a job. */
  task<T>(name: string, work: () => Promise<T>): Promise<T>
  /** The same things, with all that they are asked to do followed. */
  database<Database extends DatabasePorts>(database: Database): Database
  store<Store extends StorePorts>(store: Store): Store
  sources(sources: Sources): Sources
  tutor(tutor: Tutor, models: ModelNames | null): Tutor
  voice(voice: Voice, models: ModelNames): Voice
}

export interface TracingOptions extends TracingConfig {
  /** Told now and then that spans do not arrive. */
  readonly log: Pick<Logger, 'warn'>
}

export async function openTracing({ log, exporter, ...sampling }: TracingOptions): Promise<Tracing> {
  if (exporter === 'console') {
    const trees = createTreeExporter((text) => process.stdout.write(text))
    return traceTo(new SimpleSpanProcessor({ exporter: trees }), sampling)
  }
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
  return traceTo(new BatchSpanProcessor({ exporter: watched(new OTLPTraceExporter(), log) }), sampling)
}

/** Milliseconds that a process waits at its end until the last spans have arrived. */
const FAREWELL_MS = 1_000

/** Follows, and gives the processor what has been seen. */
export function traceTo(processor: SpanProcessor, sampling: Sampling): Tracing {
  const provider = new TracerProvider({
    resource: resource(),
    sampler: samplerOf(sampling),
    spanProcessors: [processor],
  })
  const spans = new Spans(provider.getTracer('honzik'))
  return {
    requests: createRequestSpans(spans),
    traceId: () => spans.traceId,
    async task(name, work) {
      const task = spans.begin({ kind: 'task', began: performance.now() })
      try {
        return await task.run(work)
      } finally {
        task.end(name, {})
      }
    },
    database: (database) => tracedDatabase(database, spans),
    store: (store) => tracedStore(store, spans),
    sources: (sources) => tracedSources(sources, spans),
    tutor: (tutor, models) => tracedTutor(tutor, models, spans),
    voice: (voice, models) => tracedVoice(voice, models, spans),
    async [Symbol.asyncDispose]() {
      const late = Promise.withResolvers<void>()
      const end = setTimeout(late.resolve, FAREWELL_MS)
      await Promise.race([provider.shutdown().catch(() => {}), late.promise])
      clearTimeout(end)
    },
  }
}

type Sampling = Pick<TracingConfig, 'sampler' | 'ratio'>

/** Whoever runs this may call it otherwise, by the standard's variables. */
const resource = () =>
  defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'honzik' }))
    .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }))

function samplerOf({ sampler, ratio }: Sampling): Sampler {
  const [, parent, own] = /^(parentbased_)?(\w+)$/.exec(sampler) ?? []
  const root =
    own === 'always_off'
      ? new AlwaysOffSampler()
      : own === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler()
  return parent === undefined ? root : new ParentBasedSampler({ root })
}
