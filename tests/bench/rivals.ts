import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hasRedis, startRedis } from '../support/redis-server.ts'
import type { Contender } from './contest/contender.ts'
import { holdContest } from './contest/operations.ts'
import { ours, oursOpening } from './contest/ours.ts'
import { RACES, race } from './contest/race.ts'
import { inWords } from './support/timing.ts'

/*
 * Our cache beside well-known ones, on what they have in common: the same values, one Redis of its own, in turns within
 * one run. And the race that each cache must win to be trusted: how often it shows an old value after an acknowledged
 * invalidation.
 */

const FOLDER = join(import.meta.dirname, 'rivals')

const say = (line: string) => process.stdout.write(`${line}\n`)
const sayRow = (cells: readonly string[]) => say(`| ${cells.join(' | ')} |`)

function sayHead(cells: readonly string[]): void {
  sayRow(cells)
  sayRow(cells.map(() => '---'))
}

async function sayContest(url: string, contenders: readonly Contender[]): Promise<void> {
  const { operations, stampedes } = await holdContest(url, contenders)
  sayHead(['median, and how many times ours', ...operations.map(({ name }) => name), 'loads for 100 callers'])
  for (const [index, { name }] of contenders.entries()) {
    const cells = operations.map(({ timings }) => {
      const [mine, its] = [timings[0]?.medianNs ?? Number.NaN, timings[index]?.medianNs ?? Number.NaN]
      return `${inWords(its)} (${(its / mine).toFixed(2)})`
    })
    sayRow([name, ...cells, `${stampedes[index]}`])
  }
}

async function sayRaces(url: string, contenders: readonly Contender[]): Promise<void> {
  say(`\nStale answers to reads that began after an acknowledged invalidation, of ${RACES} each:\n`)
  sayHead(['', 'while the old load is on its way', 'afterwards', 'afterwards, written on another node'])
  for (const [index, contender] of contenders.entries()) {
    const { during, sameNode, otherNode } = await race(url, contender, `race-${index}`)
    sayRow([contender.name, ...[during, sameNode, otherNode].map(String)])
  }
}

if (!hasRedis) say('No Redis here: install Debian\'s "redis-server" to compare caches.')
else if (!existsSync(join(FOLDER, 'node_modules'))) {
  say('The other caches are not installed; to compare with them: npm ci --prefix tests/bench/rivals')
} else {
  await using redis = await startRedis()
  // Computed, so that the rest of the project neither checks nor needs what is installed for this bench only.
  const { rivals }: { readonly rivals: readonly Contender[] } = await import(join(FOLDER, 'all.ts'))
  await sayContest(redis.url, [ours, oursOpening, ...rivals])
  await sayRaces(redis.url, [ours, ...rivals])
}
