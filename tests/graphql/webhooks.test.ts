import { Webhook as Verifier } from 'standardwebhooks'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebhookSender } from '../../src/webhooks/sender.ts'
import { makeCertificates } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { at, type GraphQLAnswer } from '../support/test-app.ts'
import { startTutored, type Tutored } from '../support/tutored.ts'
import { SECRET } from '../support/webhook-deliveries.ts'
import { startReceiver } from '../support/webhook-receiver.ts'

const WEBHOOK = 'id url events enabled disabledReason createdAt'
const REGISTER = `mutation ($input: RegisterWebhookInput!) { registerWebhook(input: $input) { webhook { ${WEBHOOK} } secret } }`
const UPDATE = `mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { webhook { ${WEBHOOK} } } }`
const DELETE = 'mutation ($input: DeleteWebhookInput!) { deleteWebhook(input: $input) { deletedId } }'
const REDELIVER = `mutation ($input: RedeliverWebhookInput!) {
  redeliverWebhook(input: $input) { delivery { id status attempts nextAttemptAt deliveredAt } }
}`
const LIST = `query ($first: Int! = 20, $after: String) {
  webhooks(first: $first, after: $after) { edges { cursor node { ${WEBHOOK} } } pageInfo { hasNextPage endCursor } }
}`
const LOG = `query ($first: Int! = 20, $after: String) { webhooks { edges { node {
  deliveries(first: $first, after: $after) {
    edges { node {
      id event payload status attempts createdAt lastAttemptAt nextAttemptAt lastStatus lastError deliveredAt
    } }
    pageInfo { hasNextPage endCursor }
  }
} } } }`

const URL = 'https://hooks.example.com/honzik'
const NO_ID = '00000000-0000-4000-8000-000000000000'

const errorIn = (answer: GraphQLAnswer) => answer.errors?.[0]?.extensions
const webhooksIn = (answer: GraphQLAnswer) => at(answer, 'data', 'webhooks', 'edges')
const logIn = (answer: GraphQLAnswer) => at(webhooksIn(answer), 0, 'node', 'deliveries')

async function register(app: Tutored, input: Record<string, unknown> = {}): Promise<string> {
  const answer = await app.asStaff(REGISTER, { input: { url: URL, events: ['JOB_FAILED'], ...input } })
  const id = at(answer, 'data', 'registerWebhook', 'webhook', 'id')
  if (typeof id !== 'string') throw new Error(`nothing was registered: ${JSON.stringify(answer)}`)
  return id
}

describe('a webhook', () => {
  test('is registered with a secret that is made, and said this once', async () => {
    await using app = await startTutored()
    const input = { url: 'https://HOOKS.example.com/honzik', events: ['STREAK_REMINDER', 'JOB_FAILED', 'JOB_FAILED'] }
    const answer = await app.asStaff(REGISTER, { input })
    expect(at(answer, 'data', 'registerWebhook')).toEqual({
      webhook: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        url: URL,
        events: ['JOB_FAILED', 'STREAK_REMINDER'],
        enabled: true,
        disabledReason: null,
        createdAt: '2026-11-23T08:30:00.000Z',
      },
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    })
    expect(webhooksIn(await app.asStaff(LIST))).toEqual([
      { cursor: expect.any(String), node: at(answer, 'data', 'registerWebhook', 'webhook') },
    ])
  })

  test('is registered with a secret of the caller’s, which is never said', async () => {
    await using app = await startTutored()
    const answer = await app.asStaff(REGISTER, { input: { url: URL, events: ['JOB_FAILED'], secret: SECRET } })
    expect(at(answer, 'data', 'registerWebhook', 'secret')).toBeNull()
    expect(JSON.stringify([answer, await app.asStaff(LIST), app.lines])).not.toContain(SECRET.slice(6))
  })

  test('has nothing in the schema that could say its secret', async () => {
    await using app = await startTutored()
    const fields = '{ __type(name: "Webhook") { fields { name } } }'
    const names = at(await app.asStaff(fields), 'data', '__type', 'fields')
    expect(JSON.stringify(names)).not.toMatch(/secret/i)
  })

  test.each([
    ['url', { url: 'http://hooks.example.com/' }],
    ['url', { url: 'https://127.0.0.1/' }],
    ['url', { url: 'https://[::1]/' }],
    ['url', { url: 'hooks' }],
    ['events', { events: [] }],
    ['secret', { secret: 'whsec_short' }],
  ])('is refused for bad input, by the name of %s: %j', async (field, input) => {
    await using app = await startTutored()
    const refused = await app.asStaff(REGISTER, { input: { url: URL, events: ['JOB_FAILED'], ...input } })
    expect(errorIn(refused)).toMatchObject({ code: 'BAD_USER_INPUT', field })
    const id = await register(app)
    const unchanged = await app.asStaff(LIST)
    expect(errorIn(await app.asStaff(UPDATE, { input: { id, ...input } }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    })
    expect(await app.asStaff(LIST)).toEqual(unchanged)
  })

  test('may be on this machine where that is allowed', async () => {
    await using app = await startTutored({ config: { webhookAllowPrivate: true } })
    await register(app, { url: 'http://127.0.0.1:4001/' })
  })

  test('is one of at most twenty', async () => {
    await using app = await startTutored()
    for (let count = 0; count < 20; count += 1) await register(app)
    const answer = await app.asStaff(REGISTER, { input: { url: URL, events: ['JOB_FAILED'] } })
    expect(errorIn(answer)).toEqual({ code: 'CONFLICT' })
  })

  test('changes as far as it is told to', async () => {
    await using app = await startTutored()
    const id = await register(app)
    const update = async (input: object) =>
      at(await app.asStaff(UPDATE, { input: { id, ...input } }), 'data', 'updateWebhook', 'webhook')
    expect(await update({ events: ['STREAK_REMINDER'] })).toMatchObject({ url: URL, events: ['STREAK_REMINDER'] })
    expect(await update({ url: 'https://example.com/', secret: SECRET })).toMatchObject({ url: 'https://example.com/' })
    expect(await update({ enabled: false })).toMatchObject({ enabled: false, disabledReason: 'REQUESTED' })
    expect(await update({})).toMatchObject({ enabled: false, events: ['STREAK_REMINDER'] })
    expect(await update({ enabled: true })).toMatchObject({ enabled: true, disabledReason: null })
  })

  test.each(['url', 'events', 'secret', 'enabled'])('must have its %s', async (field) => {
    await using app = await startTutored()
    const id = await register(app)
    const answer = await app.asStaff(UPDATE, { input: { id, [field]: null } })
    expect(errorIn(answer)).toEqual({ code: 'BAD_USER_INPUT', field })
  })

  test('is deleted, and is not found from then on', async () => {
    await using app = await startTutored()
    const id = await register(app)
    expect(at(await app.asStaff(DELETE, { input: { id } }), 'data')).toEqual({ deleteWebhook: { deletedId: id } })
    for (const document of [DELETE, UPDATE, REDELIVER])
      for (const gone of [id, NO_ID, 'x'])
        expect(errorIn(await app.asStaff(document, { input: { id: gone } }))).toEqual({ code: 'NOT_FOUND' })
    expect(webhooksIn(await app.asStaff(LIST))).toEqual([])
  })

  test('stands in a list that has pages, and a cursor of another list is none of it', async () => {
    await using app = await startTutored()
    const ids = [await register(app)]
    app.pass({ seconds: 1 })
    ids.push(await register(app))
    const first = await app.asStaff(LIST, { first: 1 })
    expect(at(first, 'data', 'webhooks', 'pageInfo', 'hasNextPage')).toBe(true)
    const after = at(first, 'data', 'webhooks', 'pageInfo', 'endCursor')
    const second = await app.asStaff(LIST, { first: 1, after })
    expect([first, second].map((page) => at(webhooksIn(page), 0, 'node', 'id'))).toEqual(ids)
    expect(at(second, 'data', 'webhooks', 'pageInfo', 'hasNextPage')).toBe(false)
    for (const wrong of ['bm9uc2Vuc2U', Buffer.from('users:1').toString('base64url')]) {
      expect(errorIn(await app.asStaff(LIST, { after: wrong }))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
      expect(errorIn(await app.asStaff(LOG, { after: wrong }))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    }
    expect(errorIn(await app.asStaff(LOG, { after }))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
  })

  test('is never answered from memory', async () => {
    await using app = await startTutored()
    const token = await app.tokenOf('staff', 999_999)
    const ask = () => app.post({ query: LIST }, { authorization: `Bearer ${token}` })
    await ask()
    const again = await ask()
    expect(again.headers.get('x-cache')).toBe('MISS')
  })
})

describe('a message that is answered in the background', () => {
  const certificates = makeCertificates()
  afterAll(() => certificates[Symbol.dispose]())

  test('has its end told to whoever wants to be, and the log says so', async () => {
    await using receiver = await startReceiver({ certificates }, (_, response) => void response.writeHead(204).end())
    await using app = await startTutored({
      config: { webhookAllowPrivate: true },
      world: { openSender: (options) => createWebhookSender({ ...options, ca: certificates.authority }) },
    })
    await register(app, { url: `https://localhost:${receiver.port}/`, events: ['JOB_SUCCEEDED'], secret: SECRET })
    const learner = await app.learner({ firstName: 'Božena' })
    const sent = await learner.ask(
      'mutation { sendMessage(input: { text: "Mám tajemství.", mode: ASYNC }) { job { id } userMessage { id } } }',
    )
    const [request] = await eventually(() => {
      expect(receiver.received).toHaveLength(1)
      return receiver.received
    })
    const job = at(sent, 'data', 'sendMessage', 'job', 'id')
    expect(JSON.parse(request?.body ?? '')).toEqual({
      type: 'job.succeeded',
      timestamp: '2026-11-23T08:30:00.000Z',
      data: {
        jobId: job,
        userId: String(learner.id),
        kind: 'TEXT_MESSAGE',
        status: 'SUCCEEDED',
        messageId: at(sent, 'data', 'sendMessage', 'userMessage', 'id'),
        error: null,
      },
    })
    const log = await eventually(async () => {
      const answer = logIn(await app.asStaff(LOG))
      expect(at(answer, 'edges', 0, 'node', 'status')).toBe('DELIVERED')
      return answer
    })
    expect(log).toEqual({
      edges: [
        {
          node: {
            id: request?.headers['webhook-id'],
            event: 'JOB_SUCCEEDED',
            payload: request?.body,
            status: 'DELIVERED',
            attempts: 1,
            createdAt: '2026-11-23T08:30:00.000Z',
            lastAttemptAt: '2026-11-23T08:30:00.000Z',
            nextAttemptAt: null,
            lastStatus: 204,
            lastError: null,
            deliveredAt: '2026-11-23T08:30:00.000Z',
          },
        },
      ],
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
    })
    expect(JSON.stringify(app.lines)).not.toMatch(/whsec_|tajemství/)
    expect(new Verifier(SECRET).sign(String(request?.headers['webhook-id']), at2026(), request?.body ?? '')).toBe(
      request?.headers['webhook-signature'],
    )
  })

  test('may have it told once more', async () => {
    await using receiver = await startReceiver({ certificates }, (_, response) => void response.writeHead(204).end())
    await using app = await startTutored({
      config: { webhookAllowPrivate: true },
      world: { openSender: (options) => createWebhookSender({ ...options, ca: certificates.authority }) },
    })
    const id = await register(app, { url: `https://localhost:${receiver.port}/`, events: ['JOB_SUCCEEDED'] })
    const learner = await app.learner()
    await learner.ask('mutation { sendMessage(input: { text: "Ahoj!", mode: ASYNC }) { job { id } } }')
    const delivered = (count: number) =>
      eventually(async () => {
        expect(receiver.received).toHaveLength(count)
        const node = at(logIn(await app.asStaff(LOG)), 'edges', 0, 'node')
        expect(at(node, 'status')).toBe('DELIVERED')
        return at(node, 'id')
      })
    const delivery = await delivered(1)
    expect(at(await app.asStaff(REDELIVER, { input: { id: delivery } }), 'data', 'redeliverWebhook')).toEqual({
      delivery: {
        id: delivery,
        status: 'PENDING',
        attempts: 0,
        nextAttemptAt: '2026-11-23T08:30:00.000Z',
        deliveredAt: null,
      },
    })
    expect(await delivered(2)).toBe(delivery)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery]))
    await app.asStaff(UPDATE, { input: { id, enabled: false } })
    const refused = await app.asStaff(REDELIVER, { input: { id: delivery } })
    expect(errorIn(refused)).toEqual({ code: 'CONFLICT', field: 'id' })
  })
})

const at2026 = () => new Date('2026-11-23T08:30:00Z')
