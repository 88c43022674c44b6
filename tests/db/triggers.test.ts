import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasPostgres, type OpenDatabase, openTestEmbedded, openTestServer } from '../support/databases.ts'

const OPENERS = { PGlite: openTestEmbedded, ...(hasPostgres && { PostgreSQL: openTestServer }) }

/** Learners with everything of theirs, by SQL alone. */
const insertLearners = (first: number, count: number) => `
  with made as (
    insert into users (telegram_id, first_name, native_language, level)
    select n, 'Ada', 'en', 'BEGINNER' from generate_series(${first}, ${first + count - 1}) as n returning id),
  settings as (
    insert into user_settings select id, 'TUTOR', 'NORMAL', 'MINIMAL', 'HONZIK', 'Europe/Prague', true from made)
  insert into stars (user_id) select id from made`

describe.each(Object.entries(OPENERS))('what anyone changes on %s', (_, open) => {
  let database: OpenDatabase

  beforeAll(async () => {
    database = await open()
    await database.run(insertLearners(1001, 3), [])
  })
  afterAll(() => database[Symbol.asyncDispose]())
  beforeEach(() => database.run('delete from cache_invalidation', []))

  async function noted(...statements: string[]): Promise<readonly unknown[]> {
    for (const statement of statements) await database.run(statement, [])
    const rows = await database.run('select tag from cache_invalidation order by tag collate "C"', [])
    return rows.map(({ tag }) => tag)
  }

  test.each([
    ['a profile', `update users set first_name = 'Eva' where id = 1`, ['user:1']],
    ['profiles', `update users set first_name = 'Eva' where id < 3`, ['user:1', 'user:2']],
    ['a Telegram id', 'update users set telegram_id = 2001 where id = 1', ['telegram:1001', 'telegram:2001', 'user:1']],
    ['a setting', `update user_settings set character = 'NOVAKOVA' where user_id = 2`, ['settings:2']],
    ['a zone', `update user_settings set timezone = 'Asia/Tokyo' where user_id = 2`, ['practice:2', 'settings:2']],
    ['stars', 'update stars set total = 1, available = 1, lifetime = 1 where user_id = 1', ['stars:1']],
    ['a day', `insert into daily_stats values (1, '2026-11-23', 1, 1, 1, 1)`, ['practice:1']],
    ['a day’s owner', 'update daily_stats set user_id = 2 where user_id = 1', ['practice:1', 'practice:2']],
    [
      'a message',
      `insert into messages (user_id, role, text, words_total, words_correct) values (3, 'USER', 'x', 1, 1)`,
      ['messages:3'],
    ],
    ['nothing', `update users set first_name = 'Eva' where id = 999`, []],
  ])('is noted, with its old and its new image: %s', async (__, statement, tags) => {
    expect(await noted(statement)).toEqual(tags)
  })

  test('a deletion notes all that it takes along', async () => {
    const tags = await noted('delete from users where id = 3')
    expect([...new Set(tags)]).toEqual([
      'asked:3',
      'messages:3',
      'practice:3',
      'replies:3',
      'settings:3',
      'stars:3',
      'telegram:1003',
      'user:3',
      'users',
    ])
  })

  test('a statement that changes more than can be named is noted as everything', async () => {
    expect(await noted(insertLearners(5_000, 1_001))).toEqual(['*', '*', '*'])
    await database.run('delete from cache_invalidation', [])
    expect(await noted(`update users set first_name = 'Eva' where telegram_id >= 5000`)).toEqual(['*'])
  })

  test('very many rows of one learner are one tag', async () => {
    const insert = `insert into messages (user_id, role, text, words_total, words_correct)
      select 1, 'USER', 'x', 1, 1 from generate_series(1, 3000)`
    expect(await noted(insert, 'delete from messages where user_id = 1')).toEqual(['messages:1', 'messages:1'])
  })

  test('each voice is forgotten by its name, however many go at once', async () => {
    const insert = `
      with learner as (insert into users (telegram_id, first_name, native_language, level)
        values (9001, 'Ada', 'en', 'NATIVE') returning id),
      said as (insert into messages (user_id, role, text, words_total, words_correct)
        select id, 'ASSISTANT', 'x', 1, 1 from learner, generate_series(1, 1500) returning id),
      spoken as (insert into speeches (message_id, format, fingerprint, audio, created_at)
        select id, 'MP3', case when id % 2 = 0 then null else (id % 3000)::text end, '', now() from said)
      insert into jobs (user_id, kind, status, revision, attempts, failures, transcript_key, created_at, updated_at)
        select id, 'VOICE_MESSAGE', 'SUCCEEDED', 0, 0, 0, n::text, now(), now() from learner, generate_series(1, 1500) n`
    await database.run(insert, [])
    await database.run('delete from cache_invalidation', [])
    const tags = (await noted('delete from users where telegram_id = 9001')).map(String)
    const voices = (kind: string) => tags.filter((tag) => tag.startsWith(kind))
    expect(new Set(voices('transcript:'))).toEqual(
      new Set(Array.from({ length: 1500 }, (_, n) => `transcript:${n + 1}`)),
    )
    expect(voices('speech:')).toHaveLength(750)
    expect(tags).not.toContain('*')
  })

  test('emptying a table is noted as everything', async () => {
    expect(await noted('truncate daily_stats')).toEqual(['*'])
  })

  test('a change that is undone is not noted', async () => {
    expect(
      await noted(`do $$ begin update users set first_name = 'Eva'; raise 'no'; exception when others then end $$`),
    ).toEqual([])
  })
})

describe.skipIf(!hasPostgres)('on a server', () => {
  test('everything is pending whatever the clock said when it was noted', async () => {
    await using database = await openTestServer()
    await database.run(
      `insert into cache_invalidation (tag, noted_at) values ('user:1', now() + interval '1 hour')`,
      [],
    )
    expect(await database.outbox.pending(0, 10)).toMatchObject([{ tag: 'user:1' }])
    expect(await database.outbox.pending(1, 10)).toEqual([])
  })

  test('a program that looks for tables elsewhere is noted too', async () => {
    await using database = await openTestServer()
    await database.run(insertLearners(1001, 1), [])
    await database.run('delete from cache_invalidation', [])
    const other = postgres(database.url, { max: 1, onnotice: () => {} })
    try {
      await other.unsafe(`set search_path = ''`)
      await other.unsafe(`update public.users set first_name = 'Eva'`)
      await other.unsafe(`update public.user_settings set character = 'NOVAKOVA'`)
      await other.unsafe(`update public.stars set lifetime = 1`)
      await other.unsafe('truncate public.daily_stats')
    } finally {
      await other.end()
    }
    const noted = await database.run('select tag from cache_invalidation order by id', [])
    expect(noted.map(({ tag }) => tag)).toEqual(['user:1', 'settings:1', 'stars:1', '*'])
  })

  test('who may change a learner need not be able to write what was changed', async () => {
    await using database = await openTestServer()
    await database.run(insertLearners(1001, 1), [])
    await database.run('delete from cache_invalidation', [])
    const role = `editor_${process.pid}`
    const other = postgres(database.url, { max: 1, onnotice: () => {} })
    try {
      await other.unsafe(`create role ${role}; grant select, update on users to ${role}; set role ${role}`)
      await other.unsafe(`update users set first_name = 'Eva'`)
      await expect(other.unsafe('delete from cache_invalidation')).rejects.toThrow('permission denied')
      await other.unsafe(`reset role; drop owned by ${role}; drop role ${role}`)
    } finally {
      await other.end()
    }
    expect(await database.run('select tag from cache_invalidation', [])).toMatchObject([{ tag: 'user:1' }])
  })
})
