/**
 * Turns what a piece of work emits into a stream that ends, or fails, when the work does. What was emitted and not yet
 * taken is kept: whoever reads slowly misses nothing.
 */
export async function* streamed<Part>(work: (emit: (part: Part) => void) => Promise<void>): AsyncGenerator<Part, void> {
  const waiting: Part[] = []
  let wake = Promise.withResolvers<void>()
  let over = false
  const done = work((part) => {
    waiting.push(part)
    wake.resolve()
  }).finally(() => {
    over = true
    wake.resolve()
  })
  // Its failure is told below, to whoever is still reading; nobody else must hear of it as unhandled.
  done.catch(() => {})
  for (;;) {
    await wake.promise
    wake = Promise.withResolvers()
    yield* waiting.splice(0)
    if (over && waiting.length === 0) break
  }
  await done
}
