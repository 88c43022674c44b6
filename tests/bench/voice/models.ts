import { median } from '../support/timing.ts'

/** Milliseconds that as many calls at once take without us, at the median: what any client has to wait for. */
export async function aloneMs(
  url: string,
  atOnce: number,
  recording: Buffer,
): Promise<{ hears: number; answers: number }> {
  const form = () => {
    const body = new FormData()
    body.append('model', 'any')
    body.append('file', new Blob([new Uint8Array(recording)], { type: 'audio/ogg' }), 'speech.ogg')
    return body
  }
  const chat = JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'Ahoj!' }] })
  return {
    hears: await timed(atOnce, () => fetch(`${url}/audio/transcriptions`, { method: 'POST', body: form() })),
    answers: await timed(atOnce, () => fetch(`${url}/chat/completions`, { method: 'POST', body: chat })),
  }
}

async function timed(atOnce: number, ask: () => Promise<Response>): Promise<number> {
  const taken = Array.from({ length: atOnce }, async () => {
    const begun = performance.now()
    await (await ask()).arrayBuffer()
    return performance.now() - begun
  })
  return median(await Promise.all(taken))
}
