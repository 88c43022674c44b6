import { expect, test } from 'vitest'
import { Trial } from './differential/trial.ts'

/** `DIFFERENTIAL_SEED` and `DIFFERENTIAL_OPERATIONS` repeat a run, or make another one. */
const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_261_124)
const operations = Number(process.env['DIFFERENTIAL_OPERATIONS'] ?? 4_000)

test('servers with caches answer as one without, whatever is asked and changed', async () => {
  await using trial = await Trial.start(seed)
  const begun = performance.now()
  await trial.run(operations)
  const { counts, differences } = trial.judge
  const told = {
    seed,
    ms: Math.round(performance.now() - begun),
    ...counts,
    changes: trial.changes,
    races: trial.races,
  }
  console.info(JSON.stringify(told))
  expect(differences).toEqual([])
  expect(trial.complaints).toEqual([])
  // Questions that nobody may keep, or that nothing had answered before, would prove nothing.
  expect(counts.cacheable / counts.asked).toBeGreaterThan(0.6)
  expect(counts.whole / counts.cacheable).toBeGreaterThan(0.4)
  expect(counts.changed).toBeGreaterThan(operations / 100)
  expect(counts.notModified).toBeGreaterThan(operations / 200)
  expect(counts.plainest).toBeGreaterThan(operations / 10)
}, 600_000)
