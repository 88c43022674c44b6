import type { View } from '../cache/view.ts'
import type { Webhook, WebhookDelivery } from '../domain/delivery.ts'
import type { WebhookId } from '../domain/ids.ts'
import { type DeliveryPlace, type Page, pageOf, parsePageSize, type WebhookPlace } from '../domain/page.ts'
import { requireStaff, type SignedIn } from '../domain/viewer.ts'
import { noteList } from './loaders.ts'
import type { Sources } from './sources.ts'

/** Webhooks, as far as one request may see them. Nothing of them is cached. */
export interface WebhookReads {
  /** For staff. */
  webhooks(first: number, after: WebhookPlace | null): Promise<Page<Webhook>>
  deliveries(id: WebhookId, first: number, after: DeliveryPlace | null): Promise<Page<WebhookDelivery>>
}

export interface WebhookReadsDeps {
  readonly sources: Pick<Sources, 'listWebhooks' | 'deliveries'>
  readonly view: () => Promise<View>
}

export function createWebhookReads(
  { sources, view }: WebhookReadsDeps,
  { signedIn }: { readonly signedIn: () => Promise<SignedIn> },
): WebhookReads {
  const note = async () => {
    const opened = await view()
    if (opened.tally) opened.tally.loads += 1
    noteList(opened, null, null)
  }

  return {
    async webhooks(first, after) {
      requireStaff(await signedIn())
      const size = parsePageSize(first)
      await note()
      return pageOf(await sources.listWebhooks(after, size + 1), size, after)
    },
    async deliveries(webhookId, first, after) {
      const size = parsePageSize(first)
      await note()
      const [read = []] = await sources.deliveries([{ webhookId, after, limit: size + 1 }])
      return pageOf(read, size, after)
    },
  }
}
