import { Redis } from 'ioredis'
import type { Announcement, SequenceHearer } from '../cache/shared-store.ts'

/** Hears the announcements over a connection of its own, and says so whenever some may have been missed. */
export function subscribeTo(
  { url, trouble }: { readonly url: string; readonly trouble: (error: Error) => void },
  channel: string,
  hearer: SequenceHearer,
): AsyncDisposable {
  const client = new Redis(url, {
    connectionName: 'honzik-bus',
    connectTimeout: 1_000,
    keepAlive: 5_000,
    // The driver would subscribe by itself and not tell when; what came between would be missed unnoticed.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 100,
  })
  let listening = false
  client.on('error', trouble)
  client.on('ready', () => {
    client.subscribe(channel).then(() => {
      listening = true
      hearer.listening()
    }, trouble)
  })
  client.on('message', (_, message) => {
    const announcement = parseAnnouncement(message)
    if (announcement) hearer.heard(announcement)
  })
  client.on('close', () => {
    if (listening) hearer.lost()
    listening = false
  })
  return {
    async [Symbol.asyncDispose]() {
      client.disconnect()
    },
  }
}

/** Null for what is none: it leaves a gap in the numbers, which the hearer notices. */
function parseAnnouncement(message: string): Announcement | null {
  const space = message.indexOf(' ')
  const number = Number(message.slice(0, space))
  try {
    const tags: unknown = JSON.parse(message.slice(space + 1))
    const valid = Number.isSafeInteger(number) && Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')
    return valid ? { number, tags } : null
  } catch {
    return null
  }
}
