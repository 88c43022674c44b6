/** Whether a value shows some number from `least` to `most`. */
type Shows = (value: unknown, least: number, most: number) => boolean

/**
 * Something of a learner's that only one writer changes at a time, to the next number each time. What may be read is
 * known exactly: nothing below the number that was acknowledged when the read began, nothing above what was ever begun.
 */
export class Register {
  readonly name: string
  readonly #shows: Shows
  #floor = 0
  #begun = 0

  constructor(name: string, shows: Shows) {
    this.name = name
    this.#shows = shows
  }

  /** The highest number whose acknowledgement has arrived here. */
  get floor(): number {
    return this.#floor
  }

  /** No write of a higher number has begun. */
  get begun(): number {
    return this.#begun
  }

  /** The number for the next write; `by` is the most that a write may add. */
  begin(by = 1): number {
    this.#begun += by
    return this.#begun
  }

  /** From now on no read may begin that does not show at least this number. */
  confirm(number: number): void {
    this.#floor = Math.max(this.#floor, number)
  }

  /** With nothing in flight this is the number, whatever was attempted. */
  settle(number: number): void {
    this.#floor = number
    this.#begun = number
  }

  /** Whether a read that began at the floor may bring the value. */
  allows(value: unknown, floor: number): boolean {
    return this.#shows(value, floor, this.#begun)
  }

  shows(value: unknown, number: number): boolean {
    return this.#shows(value, number, number)
  }

  /** The number that the value shows, of those that are possible now; null when it shows none of them. */
  numberIn(value: unknown): number | null {
    for (let number = this.#begun; number >= this.#floor; number -= 1) if (this.shows(value, number)) return number
    return null
  }
}

const between = (number: number, least: number, most: number): boolean => least <= number && number <= most

/** A number written as a name. */
export const asName: Shows = (value, least, most) => typeof value === 'string' && between(Number(value), least, most)

export const asCount: Shows = (value, least, most) => typeof value === 'number' && between(value, least, most)

/** Whether there is a learner at all: after even writes there is none, after odd ones one that is named by the number. */
export const asExistence: Shows = (value, least, most) =>
  value === null ? most > least || least % 2 === 0 : Number(value) % 2 === 1 && asName(value, least, most)

const STYLES = ['FRIENDLY', 'TUTOR', 'CASUAL'] as const
const SPEEDS = ['VERY_SLOW', 'SLOW', 'NORMAL', 'NATIVE'] as const
const CORRECTIONS = ['MINIMAL', 'BALANCED', 'DETAILED'] as const
const CHARACTERS = ['HONZIK', 'NOVAKOVA'] as const
const COMBINATIONS = STYLES.length * SPEEDS.length * CORRECTIONS.length * CHARACTERS.length

/** Settings are no numbers, but their combinations are digits: as good as one, up to its remainder. */
export function settingsOf(number: number) {
  const digit = <Word>(words: readonly Word[], place: number) => words[Math.floor(number / place) % words.length]
  return {
    conversationStyle: digit(STYLES, 1),
    voiceSpeed: digit(SPEEDS, STYLES.length),
    correctionsLevel: digit(CORRECTIONS, STYLES.length * SPEEDS.length),
    character: digit(CHARACTERS, STYLES.length * SPEEDS.length * CORRECTIONS.length),
  }
}

const REMAINDERS = new Map(
  Array.from({ length: COMBINATIONS }, (_, number) => [wordsOf(settingsOf(number)), number] as const),
)

function wordsOf(settings: object): string {
  const { conversationStyle, voiceSpeed, correctionsLevel, character } = Object(settings)
  return [conversationStyle, voiceSpeed, correctionsLevel, character].join()
}

export const asSettings: Shows = (value, least, most) => {
  const remainder = REMAINDERS.get(wordsOf(Object(value)))
  if (remainder === undefined) return false
  // The first number from `least` on with this remainder.
  const ahead = (((remainder - least) % COMBINATIONS) + COMBINATIONS) % COMBINATIONS
  return least + ahead <= most
}
