import { JSONParser } from '@streamparser/json'
import { settledReply } from './answer.ts'
import { Fault } from './fault.ts'
import { type Leaks, safeLength } from './leak.ts'

export interface ReplyStreamOptions {
  readonly leaks: Leaks
  /** Is given the pieces of the reply's text. */
  readonly onText: (piece: string) => void
}

/**
 * Takes the reply's text out of an answer's JSON as it is written. What is given out is settled already, white space and
 * all: the text so far is settled as a whole each time, and only given out up to a space that is followed by words
 * enough, before which nothing that comes can change anything.
 */
export class ReplyStream {
  readonly #options: ReplyStreamOptions
  readonly #parser = new JSONParser({ paths: ['$.reply'], emitPartialTokens: true, emitPartialValues: true })
  #given = ''
  #isWhole = false

  constructor(options: ReplyStreamOptions) {
    this.#options = options
    this.#parser.onValue = ({ value, partial }) => {
      if (typeof value === 'string' && !this.#isWhole) this.#heard(value, partial !== true)
    }
    this.#parser.onError = (error) => {
      // Also hears what is thrown by those that it calls.
      throw error instanceof Fault ? error : new Fault('invalid-json', error.message, { cause: error })
    }
  }

  /**
   * The next piece of the JSON, which may begin and end anywhere.
   * @throws Fault `leak`, `invalid-json`
   */
  write(json: string): void {
    this.#parser.write(json)
  }

  /**
   * Makes sure that what was given out is the reply as it was read in the end: JSON may name it twice.
   * @throws Fault `schema`
   */
  finish(reply: string): void {
    if (this.#given !== reply) throw new Fault('schema', 'The answer has more than one reply.')
  }

  #heard(raw: string, isWhole: boolean): void {
    this.#isWhole = isWhole
    const text = settledReply(raw)
    this.#options.leaks.refuseText(text, isWhole)
    const piece = text.slice(this.#given.length, isWhole ? text.length : safeLength(text))
    if (piece === '') return
    this.#given += piece
    this.#options.onText(piece)
  }
}
