import type { Reporter } from './cache-event.ts'
import type { Inspected } from './inspection.ts'
import type { Kind } from './kind.ts'
import type { View } from './view.ts'

export interface SamplerOptions {
  readonly open: (mode: View['mode']) => Promise<View>
  readonly report: Reporter
  /** Milliseconds between two samples. */
  readonly everyMs?: number
  /** Milliseconds after which even a change that was not acknowledged must be seen. */
  readonly graceMs?: number
}

/**
 * Compares what is cached with its source, one thing now and then, and tells when they differ and go on differing. It is
 * there to say for years that nothing was found.
 */
export class Sampler implements AsyncDisposable {
  readonly #options: Required<SamplerOptions>
  readonly #samples: (() => Promise<void>)[] = []
  #next = 0
  #timer: NodeJS.Timeout | undefined
  #wake: (() => void) | undefined
  #disposed = false
  #running: Promise<void> = Promise.resolve()

  constructor(options: SamplerOptions) {
    this.#options = { everyMs: 5_000, graceMs: 2_000, ...options }
    this.#later()
  }

  watch<Id, Value>(policy: string, kind: Kind<Id, Value>): void {
    this.#samples.push(() => this.#sample(policy, kind))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    clearTimeout(this.#timer)
    this.#wake?.()
    await this.#running
  }

  #later(): void {
    this.#timer = setTimeout(() => {
      this.#next += 1
      const sample = this.#samples[this.#next % this.#samples.length] ?? (async () => {})
      // Neither source nor store need be there; that is for others to tell.
      this.#running = sample()
        .catch(() => {})
        .finally(() => this.#disposed || this.#later())
    }, this.#options.everyMs)
  }

  async #sample<Id, Value>(policy: string, kind: Kind<Id, Value>): Promise<void> {
    const { report } = this.#options
    const id = kind.recent()
    const first = id === undefined ? null : await this.#look(kind, id)
    // What has gone meanwhile cannot be wrong.
    if (id === undefined || first === null || first.isFresh === null) return
    let stale = false
    if (!first.isFresh) {
      // A change may just be on its way. Only what stays as it is on both sides is stale.
      await this.#grace()
      const again = this.#disposed ? null : await this.#look(kind, id)
      stale = again !== null && again.isFresh === false && saying(again) === saying(first)
    }
    report({ kind: 'sampled', policy, tag: kind.tagOf(id), stale })
  }

  /** Null while caches are not asked. Looking leaves no trace: nobody has asked for it. */
  async #look<Id, Value>(kind: Kind<Id, Value>, id: Id): Promise<Inspected | null> {
    const view = await this.#options.open('USE')
    return view.mark === null ? null : kind.inspect(id, view)
  }

  #grace(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#timer = setTimeout(resolve, this.#options.graceMs)
    })
  }
}

const saying = ({ memory, shared, found }: Inspected): string =>
  JSON.stringify([memory?.value ?? null, shared?.value ?? null, found])
