const OLDEST_MAJOR = 7

/**
 * Which life a server lives, of its answer to INFO. It is another one after each start, and after each time that it
 * has been a replica: what it copied from another server may be older than what it had answered before.
 * @throws Error that says why the server is of no use now
 */
export function lifeOf(info: string): string {
  const field = (name: string) => new RegExp(`^${name}:([^\r\n]*)`, 'm').exec(info)?.[1]
  const version = field('redis_version')
  if (!(Number.parseInt(version ?? '', 10) >= OLDEST_MAJOR)) {
    throw new Error(`Redis ${OLDEST_MAJOR}.0 or newer is needed; this one says ${version ?? 'nothing'}`)
  }
  if (field('loading') !== '0') throw new Error('it is loading its data')
  if (field('role') !== 'master') throw new Error('it is a replica; the master is needed')
  const run = field('run_id')
  if (run === undefined) throw new Error('it does not say its run_id')
  const served = field('master_replid2') ?? ''
  // 64 bits of it are enough, as it stands before every value.
  const life = run.slice(0, 16)
  return /[^0]/.test(served) ? `${life}+${served.slice(0, 8)}` : life
}
