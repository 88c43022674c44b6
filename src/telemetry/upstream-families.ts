import type { DurationFamily, Family, Sample } from './family.ts'
import type { ModelCounts, UpstreamCounts } from './model-counts.ts'

export function upstreamCounters(upstream: UpstreamCounts): readonly Family[] {
  const byModel = (of: (counts: ModelCounts, model: string) => readonly Sample[]) => (): readonly Sample[] =>
    [...upstream.models].flatMap(([model, counts]) => of(counts, model))
  return [
    {
      name: 'honzik_model_calls_total',
      help: 'Calls of models, by how they ended: `answered`, or the trouble.',
      labels: ['model', 'outcome'],
      samples: byModel(({ answered, failed }, model) => [
        [answered, model, 'answered'],
        ...[...failed].map(([trouble, count]): Sample => [count, model, trouble]),
      ]),
    },
    {
      name: 'honzik_model_tokens_total',
      help: 'Tokens that had to be paid: `input` (those the model had cached included), `cached`, `output`.',
      labels: ['model', 'kind'],
      samples: byModel(({ tokensIn, tokensCached, tokensOut }, model) => [
        [tokensIn, model, 'input'],
        [tokensCached, model, 'cached'],
        [tokensOut, model, 'output'],
      ]),
    },
    {
      name: 'honzik_model_usd_total',
      help: 'USD spent on models, as far as prices are known.',
      labels: ['model'],
      samples: byModel(({ usd }, model) => [[usd, model]]),
    },
    {
      name: 'honzik_model_unpriced_calls_total',
      help: 'Paid calls whose price is not known.',
      labels: ['model'],
      samples: byModel(({ unpriced }, model) => [[unpriced, model]]),
    },
    {
      name: 'honzik_model_saved_usd_total',
      help: 'USD not spent again, as answers were remembered or shared.',
      samples: () => [[upstream.usdSaved]],
    },
    {
      name: 'honzik_model_recalled_total',
      help: 'Answers of models that were not paid for again.',
      samples: () => [[upstream.recalled]],
    },
    {
      name: 'honzik_model_unpriced_recalled_total',
      help: 'Those of them whose price is not known.',
      samples: () => [[upstream.unpricedRecalled]],
    },
  ]
}

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
