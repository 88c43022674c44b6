import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * How long `npm start` takes until it prints the explorer's link: the first time in an empty data folder
 * (cluster, migrations, demo learners), and every time after that. Prints minimum, median and maximum.
 */

const ROUNDS = 5

async function timeToGreeting(folder: string): Promise<number> {
  const begun = performance.now()
  const server = spawn('npm', ['start'], { env: { ...process.env, PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'warn' } })
  const exited = once(server, 'exit')
  let written = ''
  for await (const chunk of server.stdout) {
    written += chunk
    if (written.includes('Explore it at')) break
  }
  const taken = performance.now() - begun
  server.kill('SIGINT')
  await exited
  return taken
}

const first: number[] = []
const later: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'honzik-bench-'))
  first.push(await timeToGreeting(folder))
  later.push(await timeToGreeting(folder))
  rmSync(folder, { recursive: true, force: true })
}

for (const [name, times] of Object.entries({ 'first start': first, 'later start': later })) {
  const [least, , median, , most] = times.sort((a, b) => a - b).map((ms) => (ms / 1000).toFixed(2))
  process.stdout.write(`${name}: median ${median} s (${least}–${most} s, ${times.length} rounds)\n`)
}
