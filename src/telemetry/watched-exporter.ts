import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'

/** Milliseconds between two complaints. */
const COMPLAIN_EVERY_MS = 60_000

/**
 * The same exporter, whose failures are written down now and then, and told to nobody else: that a collector is away is
 * no trouble of whoever is traced. What could not be sent is dropped.
 * @param now on a monotonic clock, in milliseconds
 */
export function watched(
  exporter: SpanExporter,
  log: Pick<Logger, 'warn'>,
  now: () => number = () => performance.now(),
): SpanExporter {
  let silentUntil = Number.NEGATIVE_INFINITY
  let dropped = 0

  function complain(error: unknown, spans: number): void {
    dropped += spans
    if (now() < silentUntil) return
    log.warn({ err: error, dropped }, 'traces do not arrive')
    silentUntil = now() + COMPLAIN_EVERY_MS
    dropped = 0
  }

  return {
    export(spans, heard) {
      const done = ({ code, error }: ExportResult) => {
        if (code !== ExportResultCode.SUCCESS) complain(error, spans.length)
        heard({ code: ExportResultCode.SUCCESS })
      }
      try {
        exporter.export(spans, done)
      } catch (error) {
        done({ code: ExportResultCode.FAILED, ...(error instanceof Error && { error }) })
      }
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}
