import { parentPort, workerData } from 'node:worker_threads'
import { check } from './check.ts'
import { openDictionary } from './dictionary.ts'
import type { Answered, Asked, SpellingData } from './protocol.ts'

const { folder }: SpellingData = workerData
const dictionary = await openDictionary(folder === null ? null : new URL(folder))

// Questions that came while the dictionary was being read have waited for this.
parentPort?.on('message', ({ id, text }: Asked) => {
  const answered: Answered = { id, checked: dictionary === null ? null : check(text, dictionary) }
  parentPort?.postMessage(answered)
})
