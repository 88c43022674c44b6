import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { HonzikError } from '../domain/error.ts'

/** What is said of a part. Never what anybody wrote, nor keys, tokens or SQL. */
export type Facts = Readonly<Record<string, string | number | boolean>>

/** Something that happens within what is followed. */
export interface Part {
  readonly name: string
  /** Whether it waits for another process. */
  readonly outside?: boolean
  readonly facts?: Facts
}

/** To be told what is known of a part only while it happens. */
export type Learn = (facts: Facts) => void

/** A whole that is followed: a request, or a stage of a job. */
export interface Followed {
  readonly traceId: string
  /** Runs `work` as something that the whole is made of, with everything that it starts. */
  run<T>(work: () => T): T
  /** To be called once. */
  end(name: string, facts: Facts, error?: string): void
}

export interface Beginning {
  readonly kind: 'request' | 'task'
  /** The caller's header, as in W3C's Trace Context; one that is malformed counts as none. */
  readonly traceparent?: string | undefined
  /** On the process's monotonic clock, in milliseconds. */
  readonly began: number
}

/** What all parts of one whole share. */
interface Whole {
  /** Milliseconds between the monotonic clock and the epoch: one for a whole trace, whose parts are to fit together. */
  readonly origin: number
  hasEnded: boolean
}

interface Here {
  readonly context: Context
  readonly whole: Whole
}

const KINDS = { request: SpanKind.SERVER, task: SpanKind.CONSUMER }

/**
 * Follows what happens through everything that is waited for. Of its own, so that it neither depends on what else in the
 * process has registered with the library nor changes that.
 */
export class Spans {
  readonly #tracer: Tracer
  readonly #here = new AsyncLocalStorage<Here>()

  constructor(tracer: Tracer) {
    this.#tracer = tracer
  }

  /** Of what is followed here; undefined where nothing is. */
  get traceId(): string | undefined {
    const here = this.#here.getStore()
    return here && trace.getSpanContext(here.context)?.traceId
  }

  begin({ kind, traceparent, began }: Beginning): Followed {
    const origin = Date.now() - performance.now()
    const caller = traceparent === undefined ? null : parseTraceParent(traceparent)
    const outer = caller ? trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true }) : ROOT_CONTEXT
    const span = this.#tracer.startSpan('request', { kind: KINDS[kind], startTime: origin + began }, outer)
    const whole: Whole = { origin, hasEnded: false }
    const here = { context: trace.setSpan(outer, span), whole }
    return {
      traceId: span.spanContext().traceId,
      run: (work) => this.#here.run(here, work),
      end(name, facts, error) {
        whole.hasEnded = true
        span.updateName(name).setAttributes(facts)
        if (error !== undefined) fail(span, error)
        span.end(origin + performance.now())
      },
    }
  }

  /**
   * Runs `work` as a part of what is followed here. Where nothing is, it just runs: whoever polls makes no traces; nor
   * does a timer that a request has left behind, and that goes on when the request has long been answered.
   */
  part<T>({ name, outside = false, facts = {} }: Part, work: (learn: Learn) => T): T {
    const here = this.#here.getStore()
    if (here === undefined || here.whole.hasEnded) return work(() => {})
    const { whole } = here
    const { origin } = whole
    const kind = outside ? SpanKind.CLIENT : SpanKind.INTERNAL
    const startTime = origin + performance.now()
    const span = this.#tracer.startSpan(name, { kind, startTime, attributes: facts }, here.context)
    const context = trace.setSpan(here.context, span)
    const learn: Learn = (learned) => void span.setAttributes(learned)
    return ended(
      () => this.#here.run({ context, whole }, () => work(learn)),
      (error) => {
        if (error !== undefined) fail(span, errorType(error))
        span.end(origin + performance.now())
      },
    )
  }
}

/** The same result or failure; `end` hears of it when it is there. */
function ended<T>(work: () => T, end: (error?: unknown) => void): T {
  try {
    const result = work()
    if (!(result instanceof Promise)) end()
    // Beside the result and not in its place: it stays what `work` has returned.
    else result.then(() => end(), end)
    return result
  } catch (error) {
    end(error)
    throw error
  }
}

function fail(span: Span, type: string): void {
  // Without a message: messages may repeat what somebody wrote, and name hosts.
  span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', type)
}

/** What kind of error it was, and of a model's, what was wrong with it. */
function errorType(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if (!(error instanceof HonzikError)) return error.name
  const { cause } = error
  return cause instanceof Error && 'trouble' in cause ? `${error.code} ${String(cause.trouble)}` : error.code
}
