import { buildSchema, type GraphQLObjectType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { typeDefs } from '../../src/graphql/schema.ts'
import { queuesOf } from '../../src/open.ts'
import { wav } from '../support/audio/wav.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { file, formOf, map, operations } from '../support/multipart.ts'
import { BOT_TOKEN, createLearner, signedInitData } from '../support/people.ts'
import { at, type GraphQLAnswer, startTestApp, type TestApp } from '../support/test-app.ts'

const VIEWERS = ['nobody', 'owner', 'another', 'staff', 'admin'] as const
type Viewer = (typeof VIEWERS)[number]
type Outcome = 'ok' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND'

/** What happens to nobody, the owner, another learner, staff and an admin, in this order. */
const everyone: Outcome[] = ['ok', 'ok', 'ok', 'ok', 'ok']
const signedIn: Outcome[] = ['UNAUTHENTICATED', 'ok', 'ok', 'ok', 'ok']
const ownerAndStaff: Outcome[] = ['UNAUTHENTICATED', 'ok', 'NOT_FOUND', 'ok', 'ok']
const adminOnly: Outcome[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'ok']
const staffOnly: Outcome[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'ok', 'ok']
/** For staff, of something that there is not. */
const staffInVain: Outcome[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND', 'NOT_FOUND']
const NO_UUID = '00000000-0000-4000-8000-000000000000'

interface Target {
  readonly id: number
  readonly telegramId: string
  /** A message of theirs that was answered. */
  readonly messageId: string
  /** A job of theirs that nobody has begun. */
  readonly jobId: string
}

interface Rule {
  readonly outcomes: readonly Outcome[]
  readonly document: (target: Target) => string
  /** Sent along for the variable `audio`. */
  readonly audio?: Uint8Array
}

const userField = (selection: string): Rule => ({
  outcomes: ownerAndStaff,
  document: ({ id }) => `{ user(id: ${id}) { ${selection} } }`,
})

/** One rule for each field of Query, Mutation and User; a field without one fails the last test. */
const RULES: Record<string, Rule> = {
  'Query.health': { outcomes: everyone, document: () => '{ health { status } }' },
  'Query.me': { outcomes: signedIn, document: () => '{ me { id } }' },
  'Query.user': { outcomes: ownerAndStaff, document: ({ id }) => `{ user(id: ${id}) { id } }` },
  'Query.userByTelegramId': {
    outcomes: ownerAndStaff,
    document: ({ telegramId }) => `{ userByTelegramId(telegramId: "${telegramId}") { id } }`,
  },
  'Query.users': { outcomes: staffOnly, document: () => '{ users { edges { node { id } } } }' },

  'Query.cacheStats': { outcomes: adminOnly, document: () => '{ cacheStats { windows { usdSaved } } }' },
  'Query.cacheEntries': {
    outcomes: adminOnly,
    document: ({ id }) => `{ cacheEntries(tags: ["user:${id}"]) { tag } }`,
  },
  'Query.webhooks': { outcomes: staffOnly, document: () => '{ webhooks { edges { node { id } } } }' },
  'Query.honzikReply': {
    outcomes: ownerAndStaff,
    document: ({ id }) => `{ honzikReply(input: { text: "Ahoj!", userId: ${id} }) { reply } }`,
  },
  'Query.job': { outcomes: ownerAndStaff, document: ({ jobId }) => `{ job(id: "${jobId}") { id } }` },

  'User.id': userField('id'),
  'User.telegramId': userField('telegramId'),
  'User.username': userField('username'),
  'User.firstName': userField('firstName'),
  'User.nativeLanguage': userField('nativeLanguage'),
  'User.level': userField('level'),
  'User.createdAt': userField('createdAt'),
  'User.updatedAt': userField('updatedAt'),
  'User.settings': userField('settings { timezone }'),
  'User.stars': userField('stars { total }'),
  'User.dailyStats': userField('dailyStats { date }'),
  'User.statsRange': userField('statsRange { date }'),
  'User.statsSummary': userField('statsSummary { totalWords }'),
  'User.messages': userField('messages { edges { node { text } } }'),
  'User.tutorUsage': {
    outcomes: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'ok', 'ok'],
    document: ({ id }) => `{ user(id: ${id}) { tutorUsage { calls } } }`,
  },

  'Mutation.signInWithTelegram': {
    outcomes: everyone,
    document: ({ telegramId }) => {
      const initData = signedInitData({ id: Number(telegramId), first_name: 'Ada' })
      return `mutation { signInWithTelegram(input: { initData: ${JSON.stringify(initData)} }) { token } }`
    },
  },
  'Mutation.createUser': {
    outcomes: staffOnly,
    document: ({ telegramId }) =>
      `mutation { createUser(input: { telegramId: "9${telegramId}", firstName: "Eva" }) { user { id } } }`,
  },
  'Mutation.updateUser': {
    outcomes: ownerAndStaff,
    document: ({ id }) => `mutation { updateUser(input: { id: ${id}, firstName: "Eva" }) { user { id } } }`,
  },
  'Mutation.updateUserSettings': {
    outcomes: ownerAndStaff,
    document: ({ id }) =>
      `mutation { updateUserSettings(input: { userId: ${id}, character: NOVAKOVA }) { user { id } } }`,
  },
  'Mutation.deleteUser': {
    outcomes: ownerAndStaff,
    document: ({ id }) => `mutation { deleteUser(input: { id: ${id} }) { deletedId } }`,
  },
  'Mutation.registerWebhook': {
    outcomes: staffOnly,
    document: () =>
      'mutation { registerWebhook(input: { url: "https://hooks.example.com/", events: [JOB_FAILED] }) { secret } }',
  },
  'Mutation.updateWebhook': {
    outcomes: staffInVain,
    document: () => `mutation { updateWebhook(input: { id: "${NO_UUID}", enabled: false }) { webhook { id } } }`,
  },
  'Mutation.deleteWebhook': {
    outcomes: staffInVain,
    document: () => `mutation { deleteWebhook(input: { id: "${NO_UUID}" }) { deletedId } }`,
  },
  'Mutation.redeliverWebhook': {
    outcomes: staffInVain,
    document: () => `mutation { redeliverWebhook(input: { id: "${NO_UUID}" }) { delivery { id } } }`,
  },
  'Mutation.purgeCache': {
    outcomes: adminOnly,
    document: ({ id }) => `mutation { purgeCache(input: { tags: ["user:${id}"] }) { purgedTags } }`,
  },
  'Mutation.sendMessage': {
    outcomes: ownerAndStaff,
    document: ({ id }) => `mutation { sendMessage(input: { text: "Ahoj!", userId: ${id} }) { starsEarned } }`,
  },
  'Mutation.retryMessage': {
    outcomes: ownerAndStaff,
    document: ({ messageId }) => `mutation { retryMessage(input: { id: ${messageId} }) { starsEarned } }`,
  },
  'Mutation.sendVoiceMessage': {
    outcomes: ownerAndStaff,
    document: ({ id }) =>
      `mutation ($audio: Upload!) { sendVoiceMessage(input: { audio: $audio, userId: ${id} }) { id } }`,
    audio: wav(1),
  },
  'Mutation.cancelJob': {
    outcomes: ownerAndStaff,
    document: ({ jobId }) => `mutation { cancelJob(input: { id: "${jobId}" }) { id } }`,
  },
  'Mutation.retryJob': {
    outcomes: ownerAndStaff,
    document: ({ jobId }) => `mutation { retryJob(input: { id: "${jobId}" }) { id } }`,
  },
  'Mutation.recordActivity': {
    outcomes: staffOnly,
    document: ({ id }) =>
      `mutation { recordActivity(input: { userId: ${id}, wordsTotal: 3, correctnessScore: 90 }) { stars { total } } }`,
  },
}

let app: TestApp
let nextTelegramId = 5_000

beforeAll(async () => {
  app = await startTestApp(
    { openDatabase: (config, statements, log) => openTestEmbedded(config, statements, log, queuesOf(config, log)) },
    { telegramBotToken: BOT_TOKEN, workers: 0 },
  )
})
afterAll(() => app[Symbol.asyncDispose]())

async function newTarget(): Promise<Target> {
  nextTelegramId += 1
  const telegramId = String(nextTelegramId)
  const id = await createLearner(app, { telegramId })
  const answer = await app.ask(
    `mutation {
      sent: sendMessage(input: { text: "Dobrý den!", userId: ${id} }) { userMessage { id } }
      queued: sendMessage(input: { text: "Dobrý den!", userId: ${id}, mode: ASYNC }) { job { id } }
    }`,
    {},
    await app.tokenOf('staff', 999_999),
  )
  const messageId = String(at(answer, 'data', 'sent', 'userMessage', 'id'))
  return { id, telegramId, messageId, jobId: String(at(answer, 'data', 'queued', 'job', 'id')) }
}

async function tokenOf(viewer: Viewer, target: Target): Promise<string | undefined> {
  if (viewer === 'nobody') return undefined
  if (viewer === 'owner') return app.tokenOf('user', target.id)
  if (viewer === 'another') return app.tokenOf('user', (await newTarget()).id)
  // Staff need not be learners.
  return app.tokenOf(viewer, 999_999)
}

/** Asks as a rule says. Of a form by nobody, nothing is read. */
async function ask({ document, audio }: Rule, target: Target, token: string | undefined): Promise<GraphQLAnswer> {
  if (audio === undefined) return app.ask(document(target), {}, token)
  const operation = operations({ query: document(target), variables: { audio: null } })
  const { headers, body } = formOf(operation, map({ 0: ['variables.audio'] }), file(audio))
  const signed = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const form = { method: 'POST', headers: { ...headers, ...signed }, body: new Uint8Array(body) }
  const answer = (await (await fetch(`${app.url}/graphql`, form)).json()) as GraphQLAnswer
  return token === undefined ? { data: { nothing: null }, ...answer } : answer
}

const cells = Object.entries(RULES).flatMap(([field, rule]) =>
  VIEWERS.map((viewer, column) => [field, viewer, rule.outcomes[column], rule] as const),
)

describe('who may what', () => {
  test.each(cells)('%s for %s: %s', async (_, viewer, outcome, rule) => {
    const target = await newTarget()
    const answer = await ask(rule, target, await tokenOf(viewer, target))
    const codes = answer.errors?.map(({ extensions }) => extensions.code) ?? []
    expect(codes).toEqual(outcome === 'ok' ? [] : [outcome])
    if (outcome !== 'ok') expect(Object.values(Object(answer.data))).toEqual([null])
  })

  test('a refused mutation changes nothing', async () => {
    const target = await newTarget()
    const another = await tokenOf('another', target)
    for (const field of ['updateUser', 'updateUserSettings', 'deleteUser', 'recordActivity', 'sendMessage'])
      await app.ask(RULES[`Mutation.${field}`]?.document(target) ?? '', {}, another)
    const answer = await app.ask(
      `{ user(id: ${target.id}) { firstName settings { character } stars { total } } }`,
      {},
      await app.tokenOf('staff', 999_999),
    )
    expect(answer.data).toEqual({ user: { firstName: 'Ada', settings: { character: 'HONZIK' }, stars: { total: 2 } } })
  })

  test('a learner who was deleted is nobody, whatever their token says', async () => {
    const target = await newTarget()
    const token = await app.tokenOf('user', target.id)
    await app.ask(`mutation { deleteUser(input: { id: ${target.id} }) { deletedId } }`, {}, token)
    const answer = await app.ask('{ me { id } }', {}, token)
    expect(at(answer, 'errors', 0, 'extensions', 'code')).toBe('UNAUTHENTICATED')
  })

  test('every field of Query, Mutation and User has a rule', () => {
    const schema = buildSchema(typeDefs)
    const fields = ['Query', 'Mutation', 'User'].flatMap((name) => {
      const type = schema.getType(name)
      return isObjectType(type)
        ? Object.keys((type satisfies GraphQLObjectType).getFields()).map((f) => `${name}.${f}`)
        : []
    })
    expect(fields.length).toBeGreaterThan(20)
    expect(Object.keys(RULES).sort()).toEqual(fields.sort())
  })
})
