import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { DURATION_BOUNDS_S, type Durations } from './durations.ts'

/** One number of a metric, with the values of its labels in their order. */
export type Sample = readonly [value: number, ...labels: string[]]

/** A metric whose numbers are kept somewhere else, and read when somebody asks. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  readonly samples: () => readonly Sample[]
}

/** A metric of durations, likewise. */
export interface DurationFamily extends Omit<Family, 'samples'> {
  readonly samples: () => readonly (readonly [durations: Durations, ...labels: string[]])[]
}

type Labels = Record<string, string>

const labelled = (names: readonly string[], values: readonly string[]): Labels =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))

export function registerCounter(registry: Registry, { name, help, labels = [], samples }: Family): void {
  new Counter({
    ...{ name, help, labelNames: [...labels], registers: [registry] },
    collect() {
      this.reset()
      for (const [value, ...values] of samples()) this.inc(labelled(labels, values), value)
    },
  })
}

export function registerGauge(registry: Registry, { name, help, labels = [], samples }: Family): void {
  new Gauge({
    ...{ name, help, labelNames: [...labels], registers: [registry] },
    collect() {
      this.reset()
      for (const [value, ...values] of samples()) this.set(labelled(labels, values), value)
    },
  })
}

type Buckets = Awaited<ReturnType<Histogram['get']>>['values']

type Told = ReturnType<Histogram['get']>

/** Tells durations that were counted elsewhere in the form of a histogram. */
class CountedHistogram extends Histogram {
  readonly #family: DurationFamily
  /** What a histogram tells of itself besides its numbers. */
  readonly #about: Told

  constructor(registry: Registry, family: DurationFamily) {
    const { name, help, labels = [] } = family
    const form = { name, help, labelNames: [...labels], buckets: [...DURATION_BOUNDS_S] }
    super({ ...form, registers: [registry] })
    this.#family = family
    this.#about = new Histogram({ ...form, registers: [] }).get()
  }

  /** Where `get` and registries ask for the numbers, which the library's types do not tell. */
  async getForPromString(): Told {
    const { name, labels = [], samples } = this.#family
    const values = samples().flatMap(([durations, ...own]) => bucketsOf(name, labelled(labels, own), durations))
    return { ...(await this.#about), values }
  }
}

function bucketsOf(name: string, labels: Labels, { counts, sumSeconds }: Durations): Buckets {
  let upTo = 0
  const buckets = counts.map((count, place) => {
    upTo += count
    return {
      metricName: `${name}_bucket`,
      labels: { ...labels, le: String(DURATION_BOUNDS_S[place] ?? '+Inf') },
      value: upTo,
    }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumSeconds },
    { metricName: `${name}_count`, labels, value: upTo },
  ]
}

export function registerDurations(registry: Registry, family: DurationFamily): void {
  new CountedHistogram(registry, family)
}
