import type { Checked } from './checked.ts'

/** What the worker is started with. */
export interface SpellingData {
  /** The address of the dictionary's folder; null for the installed one. */
  readonly folder: string | null
}

export interface Asked {
  readonly id: number
  readonly text: string
}

export interface Answered {
  readonly id: number
  /** Null when there is no dictionary. */
  readonly checked: Checked | null
}
