/** Samplers of OpenTelemetry's standard, those that need nobody else. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/**
 * Where spans go, and of which traces. Where a collector is, and what else OpenTelemetry's standard says of exporting, its
 * exporter reads for itself.
 */
export interface TracingConfig {
  readonly exporter: 'otlp' | 'console'
  readonly sampler: (typeof SAMPLERS)[number]
  /** The share of traces that samplers by ratio keep, from 0 to 1. */
  readonly ratio: number
}

/** What the variables say. */
export interface TracingVariables {
  readonly OTEL_SDK_DISABLED: 'true' | 'false'
  readonly OTEL_TRACES_EXPORTER?: TracingConfig['exporter'] | 'none' | undefined
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined
  readonly OTEL_TRACES_SAMPLER: TracingConfig['sampler']
  readonly OTEL_TRACES_SAMPLER_ARG: number
}

/** An exporter or the address of a collector is what says that somebody wants to know; null: nobody does. */
export function tracingIn(variables: TracingVariables): TracingConfig | null {
  const collector = variables.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? variables.OTEL_EXPORTER_OTLP_ENDPOINT
  const exporter = variables.OTEL_TRACES_EXPORTER ?? (collector === undefined ? 'none' : 'otlp')
  if (variables.OTEL_SDK_DISABLED === 'true' || exporter === 'none') return null
  return { exporter, sampler: variables.OTEL_TRACES_SAMPLER, ratio: variables.OTEL_TRACES_SAMPLER_ARG }
}
