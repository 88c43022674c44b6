import { ANYTHING_BUT_A_LEASE, type MemoStore, type Replaceable } from '../cache/memo-store.ts'
import type { Call } from './server.ts'
import { type Servers, textOrNull } from './servers.ts'

/** How values are written: as text, or as bytes, each character of their text being one. */
type Form = 'text' | 'bytes'

/** What is memoised, on Redis; in any life of it, as it never changes. */
export function createMemoEntries(servers: Servers, form: Form): MemoStore {
  const ask = async (...call: Call): Promise<unknown> => (await servers.send([call])).answer[0]
  const read = form === 'text' ? textOrNull : bytesOrNull
  const value = (text: string) => (form === 'text' ? text : Buffer.from(text, 'latin1'))

  return {
    async find(keys) {
      if (keys.length === 0) return []
      if (form === 'text') return (await servers.read(keys)).map(read)
      return (await servers.send(keys.map((key) => ['getBuffer', key]))).answer.map(read)
    },
    async claim(key, { token, ms }, replaced) {
      const script = form === 'text' ? 'honzikClaim' : 'honzikClaimBuffer'
      return read(await ask(script, key, token, ms, ...replaceable(replaced, value)))
    },
    async renew(key, { token, ms }) {
      return (await ask('honzikFill', key, token, token, ms)) === 1
    },
    async settle(key, token, text, ttlMs) {
      return (await ask('honzikFill', key, token, value(text), ttlMs)) === 1
    },
    async release(key, token) {
      await ask('honzikRelease', key, token)
    },
    async note(key, mark, { most, ttlMs }) {
      await ask('honzikNote', key, mark, most, ttlMs)
    },
  }
}

const bytesOrNull = (answer: unknown): string | null => (Buffer.isBuffer(answer) ? answer.toString('latin1') : null)

function replaceable(replaced: Replaceable, value: (text: string) => string | Buffer): readonly (string | Buffer)[] {
  if (replaced === null) return ['nothing']
  return replaced === ANYTHING_BUT_A_LEASE ? ['values'] : ['text', value(replaced)]
}
