import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFailedDocuments, type FailingRequest } from '../../src/http/failed-documents.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp({ openDatabase: openTestEmbedded })
})
afterAll(() => app[Symbol.asyncDispose]())

async function answered(body: object, headers: Record<string, string> = {}) {
  const response = await app.post(body, headers)
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

describe('a document that cannot be run', () => {
  test.each([
    ['has a syntax error', { query: '{ me ' }],
    ['asks for what there is not', { query: '{ nothing { at { all } } }' }],
    ['is a subscription', { query: 'subscription { honzikReply(input: { text: "Ahoj" }) { text } }' }],
  ])('is answered the same each time when it %s', async (_, body) => {
    const first = await answered(body)
    const wordy = await answered(body, { accept: 'application/graphql-response+json' })
    expect(first.status).toBe(200)
    expect(wordy.status).toBe(400)
    expect(await answered(body)).toEqual(first)
    expect(await answered({ ...body, variables: { x: 1 } })).toEqual(first)
    expect(await answered(body, { accept: 'application/graphql-response+json' })).toEqual(wordy)
  })

  test('is told apart from the same document under another name', async () => {
    const query = 'query A { me { id } } subscription B { honzikReply(input: { text: "Ahoj" }) { text } }'
    const streamed = await answered({ query, operationName: 'B' })
    expect(streamed.text).toContain('GRAPHQL_VALIDATION_FAILED')
    expect((await answered({ query, operationName: 'A' })).text).toContain('UNAUTHENTICATED')
    expect(await answered({ query, operationName: 'B' })).toEqual(streamed)
  })

  test('leaves the same codes in the log each time', async () => {
    const before = app.lines.length
    for (let time = 0; time < 2; time += 1) await answered({ query: '{ somethingElse }' })
    await expect.poll(() => app.lines.length).toBe(before + 2)
    const codes = app.lines.slice(before).map((line) => line['codes'])
    expect(codes).toEqual([['GRAPHQL_VALIDATION_FAILED'], ['GRAPHQL_VALIDATION_FAILED']])
  })
})

describe('what is remembered of failures', () => {
  const answer: HTTPGraphQLResponse = {
    status: 400,
    headers: new HeaderMap(),
    body: { kind: 'complete', string: '{"errors":[]}' },
  }
  const asked = (
    body: unknown,
    changes: Partial<FailingRequest> = {},
    codes = ['GRAPHQL_VALIDATION_FAILED'],
  ): FailingRequest => ({ method: 'POST', headers: {}, body, notes: { codes, operation: undefined }, ...changes })

  const recalled = (noted: FailingRequest, request = noted) => {
    const failures = createFailedDocuments()
    failures.note(noted, answer)
    return failures.recall(request)
  }

  test('is what the document alone has caused', () => {
    const body = { query: '{ x }' }
    expect(recalled(asked(body))).toEqual({ response: answer, codes: ['GRAPHQL_VALIDATION_FAILED'] })
    expect(recalled(asked(body, { notes: { codes: ['GRAPHQL_VALIDATION_FAILED'], operation: 'A' } }))).toBeUndefined()
    expect(recalled(asked(body, {}, ['BAD_USER_INPUT']))).toBeUndefined()
    expect(recalled(asked(body, {}, []))).toBeUndefined()
  })

  test('is not recalled for another question', () => {
    const noted = asked({ query: '{ x }' })
    expect(recalled(noted, asked({ query: '{ y }' }))).toBeUndefined()
    expect(recalled(noted, asked({ query: '{ x }', operationName: 'A' }))).toBeUndefined()
    expect(recalled(noted, asked({ query: '{ x }', variables: 'text' }))).toBeUndefined()
    expect(recalled(noted, asked({ query: '{ x }', extensions: {} }))).toBeUndefined()
    expect(recalled(noted, asked({ query: '{ x }' }, { method: 'GET' }))).toBeUndefined()
    expect(recalled(noted, asked({ query: '{ x }' }, { headers: { 'x-cache-debug': '1' } }))).toBeUndefined()
    const wordy = { headers: { accept: 'application/graphql-response+json' } }
    expect(recalled(noted, asked({ query: '{ x }' }, wordy))).toBeUndefined()
  })

  test('is nothing of what is too long, and not everything', () => {
    const failures = createFailedDocuments()
    const long = asked({ query: 'x'.repeat(20_001) })
    failures.note(long, answer)
    expect(failures.recall(long)).toBeUndefined()
    const many = Array.from({ length: 300 }, (_, index) => asked({ query: `${index} ${'x'.repeat(15_000)}` }))
    for (const each of many) failures.note(each, answer)
    const kept = many.filter((each) => failures.recall(each) !== undefined)
    expect(kept.length).toBeGreaterThan(50)
    expect(kept.length).toBeLessThan(200)
  })
})
