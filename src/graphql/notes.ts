/** What the request log wants to know of an operation. */
export interface RequestNotes {
  /** Told every fault that callers only see as an internal server error. */
  readonly report: (fault: unknown) => void
  /** As the document names it, at most 64 characters; null without a name, undefined when there was none to run. */
  operation: string | null | undefined
  /** The error codes of the answer, each once. */
  codes: readonly string[]
  /** The code of what lay behind a service that was not available, such as ECONNREFUSED. */
  cause?: string
}
