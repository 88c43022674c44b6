import type { DurationFamily, Family, Sample } from './family.ts'
import type { ModelCounts, UpstreamCounts } from './model-counts.ts'

type Of<Counted> = (counted: Counted) => readonly (readonly [value: number, ...labels: string[]])[]

/** By model: the metric's name, what it means, its labels besides the model, and where it is counted. */
const BY_MODEL: readonly (readonly [name: string, help: string, labels: readonly string[], of: Of<ModelCounts>])[] = [
  [
    'honzik_model_calls_total',
    'Calls of models, by how they ended: `answered`, or the trouble.',
    ['outcome'],
    ({ answered, failed }) => [
      [answered, 'answered'],
      ...[...failed].map(([trouble, count]) => [count, trouble] as const),
    ],
  ],
  [
    'honzik_model_tokens_total',
    'Tokens that had to be paid: `input` (those the model had cached included), `cached`, `output`.',
    ['kind'],
    ({ tokensIn, tokensCached, tokensOut }) => [
      [tokensIn, 'input'],
      [tokensCached, 'cached'],
      [tokensOut, 'output'],
    ],
  ],
  ['honzik_model_usd_total', 'USD spent on models, as far as prices are known.', [], ({ usd }) => [[usd]]],
  ['honzik_model_unpriced_calls_total', 'Paid calls whose price is not known.', [], ({ unpriced }) => [[unpriced]]],
]

/** Of all models together. */
const SAVED: readonly (readonly [name: string, help: string, of: (upstream: UpstreamCounts) => number])[] = [
  [
    'honzik_model_saved_usd_total',
    'USD not spent again, as answers were remembered or shared.',
    ({ usdSaved }) => usdSaved,
  ],
  ['honzik_model_recalled_total', 'Answers of models that were not paid for again.', ({ recalled }) => recalled],
  [
    'honzik_model_unpriced_recalled_total',
    'Those of them whose price is not known.',
    ({ unpricedRecalled }) => unpricedRecalled,
  ],
]

export const upstreamCounters = (upstream: UpstreamCounts): readonly Family[] => [
  ...BY_MODEL.map(
    ([name, help, labels, of]): Family => ({
      name,
      help,
      labels: ['model', ...labels],
      samples: () =>
        [...upstream.models].flatMap(([model, counts]) =>
          of(counts).map(([value, ...values]): Sample => [value, model, ...values]),
        ),
    }),
  ),
  ...SAVED.map(([name, help, of]): Family => ({ name, help, samples: () => [[of(upstream)]] })),
]

export const upstreamGauges = (upstream: UpstreamCounts): readonly Family[] => [
  {
    name: 'honzik_model_breaker_open',
    help: '1 while a model is not asked because it does not answer, else 0.',
    labels: ['model'],
    samples: () => [...upstream.models].map(([model, { breakerOpen }]): Sample => [breakerOpen ? 1 : 0, model]),
  },
]

export const upstreamDurations = (upstream: UpstreamCounts): readonly DurationFamily[] => [
  {
    name: 'honzik_model_call_duration_seconds',
    help: 'Seconds that calls of models took, whatever they brought.',
    labels: ['model'],
    samples: () => [...upstream.models].map(([model, { durations }]) => [durations, model] as const),
  },
]
