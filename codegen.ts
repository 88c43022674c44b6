import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'src/graphql/generated/schema-types.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        contextType: '../context.ts#GraphQLContext',
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        immutableTypes: true,
        useIndexSignature: true,
        inputMaybeValue: 'T | null | undefined',
        scalars: {
          ID: { input: 'string', output: 'string | number' },
          Date: { input: 'string', output: '../../domain/calendar.ts#CalendarDate' },
          DateTime: { input: 'string', output: '../../domain/calendar.ts#Timestamp' },
          Upload: { input: '../upload.ts#Upload', output: 'never' },
          BigInt: { input: 'string', output: '../../domain/ids.ts#TelegramId' },
        },
        mappers: {
          User: '../../domain/user.ts#User as UserModel',
          Message: '../../domain/message.ts#Message as MessageModel',
          Job: '../../domain/job.ts#Job as JobModel',
          Webhook: '../../domain/delivery.ts#Webhook as WebhookModel',
          WebhookDelivery: '../../domain/delivery.ts#WebhookDelivery as DeliveryModel',
          CacheEntry: '../../domain/cache-report.ts#CacheEntry as CacheEntryModel',
          CachedCopy: '../../domain/cache-report.ts#CachedCopy as CachedCopyModel',
          TutorUsage: '../../domain/usage.ts#UsageDay as UsageModel',
        },
      },
    },
  },
}

export default config
