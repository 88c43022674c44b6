import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createHunspellFromFiles } from 'hunspell-wasm'

/** Czech words as a spelling dictionary knows them. */
export interface Dictionary {
  /** Whether a word is spelled like that. Takes some 10 µs. */
  knows(word: string): boolean
  /** What it might have been meant to be, likeliest first. Takes 14–200 ms, and the first is right half of the time. */
  suggestions(word: string): readonly string[]
}

/**
 * @param folder of `index.aff` and `index.dic`, with a slash at its end; null: where the package `dictionary-cs` is
 * @returns null when there is no dictionary: it is an optional dependency, since its licence is not ours
 */
export async function openDictionary(folder: URL | null): Promise<Dictionary | null> {
  const home = folder ?? installed()
  if (home === null) return null
  const [affixes, words] = ['index.aff', 'index.dic'].map((name) => fileURLToPath(new URL(name, home)))
  if (affixes === undefined || words === undefined || !existsSync(affixes) || !existsSync(words)) return null
  const hunspell = await createHunspellFromFiles(affixes, words)
  return {
    knows: (word) => hunspell.testSpelling(word),
    suggestions: (word) => hunspell.getSpellingSuggestions(word),
  }
}

function installed(): URL | null {
  try {
    return new URL('.', import.meta.resolve('dictionary-cs'))
  } catch {
    return null
  }
}
