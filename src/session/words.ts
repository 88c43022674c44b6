/** Hands on a text that comes in pieces, word by word. */
export interface Words {
  readonly write: (piece: string) => void
  /** The text is complete. One that was not heard of yet is handed on now. */
  end(whole: string): void
}

/** Behind a word with its space. */
const BOUNDARY = /(?<=\s)(?!\s)/u

/**
 * Whatever pieces a text comes in, it goes on word by word: so a remembered reply, one that somebody else was waiting for
 * and a new one look alike.
 */
export function byWords(tell: (word: string) => void): Words {
  let heard = ''
  let rest = ''

  function write(piece: string): void {
    heard += piece
    const text = rest + piece
    // A word without a space behind it may go on.
    const end = text.search(/\S*$/u)
    rest = text.slice(end)
    if (end > 0) for (const word of text.slice(0, end).split(BOUNDARY)) tell(word)
  }

  return {
    write,
    end(whole) {
      if (heard === '') write(whole)
      // What was begun by one who failed is not gone on with.
      if (heard === whole && rest !== '') tell(rest)
    },
  }
}
