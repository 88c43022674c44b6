import { ANYTHING_BUT_A_LEASE, type MemoStore, type Replaceable } from '../cache/memo-store.ts'
import { type Servers, textOrNull } from './servers.ts'

/** What is memoised, on Redis; in any life of it, as it never changes. */
export function createMemoEntries(servers: Servers): MemoStore {
  const ask = async (...call: Parameters<Servers['send']>[0][number]): Promise<unknown> =>
    (await servers.send([call])).answer[0]

  return {
    async find(keys) {
      return keys.length === 0 ? [] : (await servers.read(keys)).map(textOrNull)
    },
    async claim(key, { token, ms }, replaced) {
      return textOrNull(await ask('honzikClaim', key, token, ms, ...replaceable(replaced)))
    },
    async renew(key, { token, ms }) {
      return (await ask('honzikFill', key, token, token, ms)) === 1
    },
    async settle(key, token, value, ttlMs) {
      return (await ask('honzikFill', key, token, value, ttlMs)) === 1
    },
    async release(key, token) {
      await ask('honzikRelease', key, token)
    },
    async note(key, mark, { most, ttlMs }) {
      await ask('honzikNote', key, mark, most, ttlMs)
    },
  }
}

function replaceable(replaced: Replaceable): readonly string[] {
  if (replaced === null) return ['nothing']
  return replaced === ANYTHING_BUT_A_LEASE ? ['values'] : ['text', replaced]
}
