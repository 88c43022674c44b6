/** A command that was called wrongly; the message tells how it is called rightly. */
export class UsageError extends Error {}
