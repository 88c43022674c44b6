import { toConnection } from '../connections.ts'
import { deliveryCursor, parseDeliveryCursor } from '../cursors.ts'
import type { WebhookDeliveryResolvers, WebhookResolvers } from '../generated/schema-types.ts'

export const Webhook: WebhookResolvers = {
  deliveries: async ({ id }, { first, after }, { reads }) =>
    toConnection(await reads.deliveries(id, first, parseDeliveryCursor(id, after)), (delivery) =>
      deliveryCursor(id, delivery),
    ),
}

export const WebhookDelivery: WebhookDeliveryResolvers = {
  deliveredAt: ({ status, endedAt }) => (status === 'DELIVERED' ? endedAt : null),
}
