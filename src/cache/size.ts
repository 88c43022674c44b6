/** As much as one value may have to be kept, where nothing else is said. */
export const ENTRY_MAX_BYTES = 1_048_576

/** Whether a text is larger than what is kept at all. */
export const isTooLarge = (text: string, maxBytes: number): boolean =>
  // No character takes more than three bytes, so hardly any text has to be counted.
  text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes
