import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { onTestFinished } from 'vitest'
import type { Config } from '../../src/config.ts'
import type { World } from '../../src/open.ts'
import { traceTo } from '../../src/telemetry/tracing.ts'
import { startWholeApp, type WholeApp } from '../http/whole-app.ts'
import { eventually } from '../support/eventually.ts'

export interface FollowedApp extends WholeApp {
  /** Every span that has ended, in the order of their ends. */
  readonly spans: () => readonly ReadableSpan[]
  /** The spans of one trace once its request has ended, as names that are indented by their depth. */
  tree(name: string): Promise<readonly string[]>
  /** The span of this name, once it has ended. */
  span(name: string): Promise<ReadableSpan>
  forget(): void
}

/** The real wiring, whose spans are kept in memory. */
export async function startFollowedApp(config: Partial<Config> = {}, world: Partial<World> = {}): Promise<FollowedApp> {
  const exporter = new InMemorySpanExporter()
  const sampling = { sampler: 'parentbased_always_on', ratio: 1 } as const
  const openTracing = async () => traceTo(new SimpleSpanProcessor({ exporter }), sampling)
  const app = await startWholeApp(config, { openTracing, ...world })
  onTestFinished(() => app[Symbol.asyncDispose]())
  const spans = () => exporter.getFinishedSpans()
  const span = (name: string) =>
    eventually(() => {
      const found = spans().find((each) => each.name === name)
      if (found === undefined) throw new Error(`no span ${name} among: ${spans().map((each) => each.name)}`)
      return found
    })
  return {
    ...app,
    spans,
    span,
    tree: async (name) => linesOf(await span(name), spans(), 0),
    forget: () => exporter.reset(),
  }
}

function linesOf(span: ReadableSpan, all: readonly ReadableSpan[], depth: number): string[] {
  const inner = all.filter(({ parentSpanContext }) => parentSpanContext?.spanId === span.spanContext().spanId)
  return ['  '.repeat(depth) + span.name, ...inner.flatMap((each) => linesOf(each, all, depth + 1))]
}
