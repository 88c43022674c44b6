import type { ConversationStyle, Level, Topic } from '../kinds.ts'

/** Ways to say the same. */
export type Lines = readonly [string, ...string[]]

/** What one may be asked about something: in few words, and by those who can answer with many. */
export interface Questions {
  readonly easy: Lines
  readonly rich: Lines
}

/** How a character explains one kind of slip, each in a short sentence. */
export interface Explanations {
  readonly capital: string
  /** @param marks such as `háček (č) a čárka (í)` */
  readonly missing: (marks: string) => string
  /** Takes ú for ů, or the other way round. */
  readonly ring: string
  readonly otherMark: (written: string, meant: string) => string
  readonly iOrY: (written: string, meant: string) => string
  /** Takes mě for mně, or the other way round. */
  readonly mne: (corrected: string) => string
  /** Takes je for ě, or the other way round. */
  readonly je: (corrected: string) => string
  readonly beginning: (written: string, meant: string) => string
  readonly doubled: (corrected: string) => string
  readonly apart: (corrected: string) => string
  readonly spelling: (corrected: string) => string
}

/** What a character says of the spelling; always with the grammar left open. */
export interface Findings {
  readonly clean: Lines
  /** @param words how many, such as `3 slova` */
  readonly corrected: readonly [(words: string) => string, ...((words: string) => string)[]]
  /** @param changes such as `„vcera“ → „včera“` */
  readonly changes: (changes: string) => string
  /** @param word which is in no dictionary */
  readonly unknown: (word: string) => string
  readonly notCzech: Lines
  readonly noWords: Lines
  readonly noDictionary: Lines
}

export interface Suggestions {
  readonly marks: Lines
  readonly letters: Lines
  readonly easy: Lines
  readonly rich: Lines
  readonly notCzech: Lines
  readonly unchecked: Lines
}

/** A character's texts, in its own form of address throughout. */
export interface Voice {
  readonly greetings: Lines
  readonly thanks: Lines
  readonly farewells: Lines
  /** To somebody who asks how it is. */
  readonly wellbeing: Lines
  readonly openings: Readonly<Record<ConversationStyle, Lines>>
  /** To somebody who asks something else, before a question of its own. */
  readonly noAnswers: Lines
  readonly remarks: Readonly<Record<Topic, Lines>>
  readonly topicQuestions: Readonly<Record<Topic, Questions>>
  readonly questions: Readonly<Record<Level, Lines>>
  readonly partingQuestions: Lines
  readonly findings: Findings
  readonly suggestions: Suggestions
  readonly explanations: Explanations
}
