import { hasRedis, startRedis } from '../support/redis-server.ts'
import { type BatchTimings, measureBatches } from './cache/batches.ts'
import { measureMemory } from './cache/memory.ts'
import { inWords, type Timing } from './support/timing.ts'

/*
 * What our cache costs by itself, on a Redis of its own: a hit in memory, and a batch of hits in Redis against the bare
 * driver, in turns within one run.
 */

const say = (line: string) => process.stdout.write(`${line}\n`)

function sayAll(memory: readonly Timing[], batches: readonly BatchTimings[]): void {
  const row = ({ name, medianNs, leastNs, mostNs }: Timing, bare?: Timing) => {
    const ratio = bare ? (medianNs / bare.medianNs).toFixed(2) : ''
    say(`| ${name} | ${inWords(medianNs)} | ${inWords(leastNs)}–${inWords(mostNs)} | ${ratio} |`)
  }
  say('| operation | median | least–most | ratio |\n|---|---|---|---|')
  for (const timing of memory) row(timing)
  for (const { bare, ours, filling } of batches) {
    row(bare)
    row(ours, bare)
    row(filling, bare)
  }
}

if (hasRedis) {
  await using redis = await startRedis()
  sayAll(await measureMemory(redis.url), await measureBatches(redis.url))
} else say('No Redis here: install Debian\'s "redis-server" to measure the cache.')
