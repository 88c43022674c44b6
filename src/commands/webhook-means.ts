import type { WebhookId } from '../domain/ids.ts'
import type { WebhookUrlRules } from '../domain/webhook.ts'

/** What webhooks are made with. */
export interface WebhookMeans {
  readonly urlRules: WebhookUrlRules
  newSecret(): string
  /** A secret as it is kept. */
  seal(secret: string, id: WebhookId): string
}
