import { SpanKind } from '@opentelemetry/api'
import { ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'

/** As many traces as are waited for, whose whole has not ended. */
const WAITING_MAX = 1_000

/** Parts of one trace that are kept; of more it is only told how many there were. */
const PARTS_MAX = 1_000

interface Waiting {
  readonly parts: ReadableSpan[]
  more: number
}

/**
 * Writes each trace down as a tree, once what it is a trace of has ended: for people, who have no collector at hand.
 * What happens after that is left out.
 */
export function createTreeExporter(write: (text: string) => void): SpanExporter {
  const waiting = new Map<string, Waiting>()

  function take(span: ReadableSpan): void {
    const { traceId } = span.spanContext()
    const trace = waiting.getOrInsertComputed(traceId, () => ({ parts: [], more: 0 }))
    if (isWhole(span)) {
      waiting.delete(traceId)
      const more = trace.more > 0 ? [`  and ${trace.more} more`] : []
      write(`${[`trace ${traceId}`, ...linesOf(span, trace.parts, 1), ...more].join('\n')}\n`)
    } else if (trace.parts.length < PARTS_MAX) trace.parts.push(span)
    else trace.more += 1
    const [oldest] = waiting.keys()
    if (waiting.size > WAITING_MAX && oldest !== undefined) waiting.delete(oldest)
  }

  return {
    export(spans, heard) {
      for (const span of spans) take(span)
      heard({ code: ExportResultCode.SUCCESS })
    },
    shutdown: async () => waiting.clear(),
  }
}

const isWhole = ({ kind }: ReadableSpan): boolean => kind === SpanKind.SERVER || kind === SpanKind.CONSUMER

function linesOf(span: ReadableSpan, parts: readonly ReadableSpan[], depth: number): string[] {
  const { spanId } = span.spanContext()
  const inner = parts
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === spanId)
    .sort((a, b) => milliseconds(a.startTime) - milliseconds(b.startTime))
  const facts = Object.entries(span.attributes).flatMap(([name, value]) => (isTold(name) ? [`${name}=${value}`] : []))
  const line = [span.name, `${milliseconds(span.duration).toFixed(1)} ms`, ...facts].join('  ')
  return ['  '.repeat(depth) + line, ...inner.flatMap((part) => linesOf(part, parts, depth + 1))]
}

/** What the name does not say already. */
const isTold = (name: string): boolean => !/^(db|graphql|http\.request|url)\.|^http\.route$/.test(name)

const milliseconds = ([seconds, nanoseconds]: ReadableSpan['duration']): number =>
  seconds * 1_000 + nanoseconds / 1_000_000
