import { describe, expect, test } from 'vitest'
import { ConfigError, isLoopback, readConfig, VARIABLES } from '../src/config.ts'

const SECRET = 'a secret for tests, at least 32 bytes long'

/** What is wrong with the variables, a line each; nothing when they are right. */
function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const namesIn = (problems: readonly string[]) => problems.map((problem) => problem.split(':')[0])

describe('the configuration', () => {
  test('needs no variable at all', () => {
    expect(readConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      production: false,
      logLevel: 'info',
      dataDir: '.data',
      databaseUrl: null,
      databasePoolMax: 10,
      redisUrl: null,
      redisMaxConnections: 50,
      redisTimeoutMs: 100,
      cacheEnabled: true,
      cacheTtls: { user: 3600, stats: 900, other: 3600, openai: 86_400 },
      cacheL1MaxBytes: 64 * 1024 * 1024,
      cacheEntryMaxBytes: 1024 * 1024,
      cacheL1Consistency: 'strict',
      cacheResponses: true,
      openai: null,
      authSecret: null,
      telegramBotToken: null,
      corsOrigins: [],
      metricsToken: null,
      metricsPort: null,
      rateLimitPerMinute: null,
      workers: 64,
      jobsMax: 1_000,
      webhookAllowPrivate: false,
      messageRetentionDays: null,
      tracing: null,
      warm: true,
      warmLearners: 10_000,
    })
  })

  const every = {
    PORT: '8080',
    HOST: '0.0.0.0',
    NODE_ENV: 'production',
    LOG_LEVEL: 'debug',
    DATA_DIR: '/var/lib/honzik',
    DATABASE_URL: 'postgres://honzik:hunter2@db.example.com:5432/honzik',
    DATABASE_POOL_MAX: '25',
    REDIS_URL: 'rediss://honzik:hunter2@cache.example.com:6380/1',
    REDIS_MAX_CONNECTIONS: '4',
    REDIS_TIMEOUT_MS: '250',
    CACHE_ENABLED: 'false',
    REDIS_CACHE_TTL_DEFAULT: '10',
    REDIS_CACHE_TTL_USER: '20',
    REDIS_CACHE_TTL_STATS: '30',
    REDIS_CACHE_TTL_OPENAI: '40',
    CACHE_L1_MAX_MB: '1',
    CACHE_ENTRY_MAX_KB: '3',
    CACHE_L1_CONSISTENCY: 'bounded',
    CACHE_RESPONSES: 'false',
    OPENAI_API_KEY: 'sk-abc',
    OPENAI_BASE_URL: 'https://models.example.com/v1',
    OPENAI_MODEL: 'a-model',
    OPENAI_FALLBACK_MODEL: 'another-model',
    OPENAI_TRANSCRIPTION_MODEL: 'a-hearing-model',
    OPENAI_SPEECH_MODEL: 'a-speaking-model',
    OPENAI_TIMEOUT_MS: '500',
    OPENAI_PRICES: 'a-model=1/0.5/2, another/model:8b=0/0/0.25',
    OPENAI_DAILY_LIMIT: '7',
    AUTH_SECRET: SECRET,
    TELEGRAM_BOT_TOKEN: '123456:ABC-def_g',
    CORS_ORIGINS: 'https://app.example.com, http://localhost:5173',
    METRICS_TOKEN: 'a-token-of-metrics',
    METRICS_PORT: '9464',
    RATE_LIMIT_PER_MINUTE: '600',
    WORKERS: '0',
    JOBS_MAX: '50',
    WEBHOOK_ALLOW_PRIVATE: 'false',
    MESSAGE_RETENTION_DAYS: '90',
    OTEL_SDK_DISABLED: 'false',
    OTEL_TRACES_EXPORTER: 'console',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example.com:4318',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/v1/traces',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    WARM: 'off',
    WARM_LEARNERS: '500',
  }

  test('takes every variable', () => {
    expect(Object.keys(every).sort()).toEqual([...VARIABLES].sort())
    expect(readConfig(every)).toEqual({
      port: 8080,
      host: '0.0.0.0',
      production: true,
      logLevel: 'debug',
      dataDir: '/var/lib/honzik',
      databaseUrl: 'postgres://honzik:hunter2@db.example.com:5432/honzik',
      databasePoolMax: 25,
      redisUrl: 'rediss://honzik:hunter2@cache.example.com:6380/1',
      redisMaxConnections: 4,
      redisTimeoutMs: 250,
      cacheEnabled: false,
      cacheTtls: { user: 20, stats: 30, other: 10, openai: 40 },
      cacheL1MaxBytes: 1024 * 1024,
      cacheEntryMaxBytes: 3 * 1024,
      cacheL1Consistency: 'bounded',
      cacheResponses: false,
      openai: {
        apiKey: 'sk-abc',
        baseUrl: 'https://models.example.com/v1',
        model: 'a-model',
        fallbackModel: 'another-model',
        transcriptionModel: 'a-hearing-model',
        speechModel: 'a-speaking-model',
        timeoutMs: 500,
        prices: new Map([
          ['a-model', { in: 1, cached: 0.5, out: 2 }],
          ['another/model:8b', { in: 0, cached: 0, out: 0.25 }],
        ]),
        dailyLimit: 7,
      },
      authSecret: SECRET,
      telegramBotToken: '123456:ABC-def_g',
      corsOrigins: ['https://app.example.com', 'http://localhost:5173'],
      metricsToken: 'a-token-of-metrics',
      metricsPort: 9464,
      rateLimitPerMinute: 600,
      workers: 0,
      jobsMax: 50,
      webhookAllowPrivate: false,
      messageRetentionDays: 90,
      tracing: { exporter: 'console', sampler: 'parentbased_traceidratio', ratio: 0.25 },
      warm: false,
      warmLearners: 500,
    })
  })

  test('takes an empty variable for one that is not set, and others for none of its business', () => {
    const empty = Object.fromEntries(Object.keys(every).map((name) => [name, '']))
    expect(readConfig({ ...empty, PATH: '/usr/bin', HOME: undefined })).toEqual(readConfig({}))
  })

  test.each<[name: string, value: string]>([
    ['PORT', '0'],
    ['PORT', '65535'],
    ['METRICS_PORT', '0'],
    ['METRICS_PORT', '65535'],
    ['DATABASE_POOL_MAX', '1'],
    ['DATABASE_POOL_MAX', '1000'],
    ['DATABASE_URL', 'postgresql://localhost/honzik'],
    ['REDIS_URL', 'redis://localhost'],
    ['REDIS_URL', 'redis+cluster://10.0.0.1:7000,10.0.0.2:7001'],
    ['REDIS_URL', 'rediss+cluster://user:password@one.example.com:7000,two.example.com:7000'],
    ['REDIS_MAX_CONNECTIONS', '2'],
    ['REDIS_TIMEOUT_MS', '10'],
    ['REDIS_TIMEOUT_MS', '1000'],
    ['WORKERS', '0'],
    ['WORKERS', '1000'],
    ['JOBS_MAX', '1'],
    ['WARM', 'auto'],
    ['WARM_LEARNERS', '1'],
    ['CACHE_ENABLED', 'true'],
    ['REDIS_CACHE_TTL_USER', '2592000'],
    ['CACHE_L1_MAX_MB', '0'],
    ['CACHE_ENTRY_MAX_KB', '1'],
    ['CACHE_ENTRY_MAX_KB', '100000'],
    ['CACHE_L1_CONSISTENCY', 'strict'],
    ['NODE_ENV', 'test'],
    ['LOG_LEVEL', 'silent'],
    ['OTEL_TRACES_SAMPLER_ARG', '0'],
    ['OTEL_TRACES_SAMPLER_ARG', '.5'],
    ['AUTH_SECRET', 'x'.repeat(32)],
    ['AUTH_SECRET', 'ž'.repeat(16)],
  ])('may have %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([])
  })

  test('asks a model when there is a key or an address, with what is known of it', () => {
    expect(readConfig({ OPENAI_MODEL: 'a-model', OPENAI_DAILY_LIMIT: '7' }).openai).toBeNull()
    const { openai } = readConfig({ OPENAI_API_KEY: 'sk-abc', OPENAI_DAILY_LIMIT: '0' })
    expect(openai).toMatchObject({ baseUrl: null, model: 'gpt-4.1-mini', fallbackModel: null, dailyLimit: null })
    expect(openai?.prices.get('gpt-4.1-mini')).toEqual({ in: 0.4, cached: 0.1, out: 1.6 })
    expect(readConfig({ OPENAI_BASE_URL: 'http://localhost:8080/v1' }).openai).toMatchObject({
      apiKey: null,
      timeoutMs: 15_000,
      dailyLimit: 200,
    })
  })

  test('traces where an exporter or a collector is named, and the SDK is not disabled', () => {
    const otlp = { exporter: 'otlp', sampler: 'parentbased_always_on', ratio: 1 }
    const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }
    expect(readConfig({ OTEL_TRACES_EXPORTER: 'otlp' }).tracing).toEqual(otlp)
    expect(readConfig(collector).tracing).toEqual(otlp)
    expect(readConfig({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }).tracing).toEqual(otlp)
    expect(readConfig({ ...collector, OTEL_TRACES_EXPORTER: 'console' }).tracing).toMatchObject({ exporter: 'console' })
    expect(readConfig({ ...collector, OTEL_TRACES_EXPORTER: 'none' }).tracing).toBeNull()
    expect(readConfig({ ...collector, OTEL_SDK_DISABLED: 'true' }).tracing).toBeNull()
    expect(readConfig({ OTEL_TRACES_SAMPLER: 'always_on' }).tracing).toBeNull()
  })

  test('without a limit has none, as has one of 0', () => {
    expect(readConfig({ RATE_LIMIT_PER_MINUTE: '0' }).rateLimitPerMinute).toBeNull()
    expect(readConfig({ RATE_LIMIT_PER_MINUTE: '1' }).rateLimitPerMinute).toBe(1)
  })
})

describe('a wrong configuration', () => {
  test.each<[name: string, value: string]>([
    ...['65536', '-1', '40 00', '4000.5', '0x10', 'http'].map((port): [string, string] => ['PORT', port]),
    ['NODE_ENV', 'prod'],
    ['OPENAI_API_KEY', 'two words'],
    ['OPENAI_BASE_URL', 'localhost:8080'],
    ['OPENAI_TIMEOUT_MS', '99'],
    ['OPENAI_PRICES', 'a-model'],
    ['OPENAI_PRICES', 'a-model=1/2'],
    ['OPENAI_PRICES', 'a-model=1/2/x'],
    ['OPENAI_PRICES', 'a-model=-1/2/3'],
    ['OPENAI_DAILY_LIMIT', '-1'],
    ['LOG_LEVEL', 'INFO'],
    ['DATABASE_POOL_MAX', '0'],
    ['DATABASE_POOL_MAX', '1001'],
    ['DATABASE_URL', 'mysql://localhost/honzik'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_URL', 'postgres://local host/honzik'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost'],
    ['REDIS_URL', 'redis+cluster://localhost'],
    ['REDIS_URL', 'redis+cluster://one:7000,two'],
    ['REDIS_MAX_CONNECTIONS', '1'],
    ['REDIS_TIMEOUT_MS', '9'],
    ['REDIS_TIMEOUT_MS', '1001'],
    ['CACHE_ENABLED', 'yes'],
    ['REDIS_CACHE_TTL_DEFAULT', '0'],
    ['REDIS_CACHE_TTL_USER', '2592001'],
    ['REDIS_CACHE_TTL_STATS', 'ten'],
    ['CACHE_L1_MAX_MB', '-1'],
    ['CACHE_ENTRY_MAX_KB', '0'],
    ['CACHE_ENTRY_MAX_KB', '100001'],
    ['CACHE_L1_CONSISTENCY', 'eventual'],
    ['AUTH_SECRET', 'x'.repeat(31)],
    ['TELEGRAM_BOT_TOKEN', 'ABC-def'],
    ['TELEGRAM_BOT_TOKEN', '123456:ABC def'],
    ['METRICS_TOKEN', 'x'.repeat(15)],
    ['METRICS_TOKEN', 'one with some spaces'],
    ['METRICS_PORT', '65536'],
    ['METRICS_PORT', 'true'],
    ['RATE_LIMIT_PER_MINUTE', '-1'],
    ['RATE_LIMIT_PER_MINUTE', '1000001'],
    ['WORKERS', '1001'],
    ['WARM', 'true'],
    ['WARM_LEARNERS', '0'],
    ['JOBS_MAX', '0'],
    ['WEBHOOK_ALLOW_PRIVATE', 'yes'],
    ['MESSAGE_RETENTION_DAYS', '-1'],
    ['OTEL_SDK_DISABLED', 'yes'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'grpc://localhost:4317'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'app.example.com'],
    ['CORS_ORIGINS', 'https://app.example.com/'],
    ['CORS_ORIGINS', 'https://app.example.com/path'],
    ['CORS_ORIGINS', 'https://app.example.com,'],
    ['CORS_ORIGINS', 'https://app.example.com;https://other.example.com'],
  ])('is reported by name: %s=%s', (name, value) => {
    expect(namesIn(problemsOf({ [name]: value }))).toEqual([name])
  })

  test('is reported at once, however many variables are wrong', () => {
    const wrong = {
      PORT: 'http',
      HOST: '0.0.0.0',
      NODE_ENV: 'prod',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://localhost',
      DATABASE_POOL_MAX: '0',
      TELEGRAM_BOT_TOKEN: 'no',
      CORS_ORIGINS: '*,/',
      RATE_LIMIT_PER_MINUTE: 'many',
    }
    const problems = problemsOf(wrong)
    expect(namesIn(problems).sort()).toEqual(
      [...Object.keys(wrong).filter((name) => name !== 'HOST'), 'AUTH_SECRET'].sort(),
    )
    expect(new ConfigError(problems)).toMatchObject({
      name: 'ConfigError',
      message: `The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    })
  })

  test('lets webhooks go to private addresses outside production only', () => {
    expect(readConfig({ WEBHOOK_ALLOW_PRIVATE: 'true' }).webhookAllowPrivate).toBe(true)
    const production = { NODE_ENV: 'production', AUTH_SECRET: SECRET, WEBHOOK_ALLOW_PRIVATE: 'true' }
    expect(problemsOf(production)).toEqual(['WEBHOOK_ALLOW_PRIVATE: must not be true in production'])
  })

  test('is explained', () => {
    expect(problemsOf({ PORT: 'http' })).toEqual(['PORT: must be a whole number'])
    expect(problemsOf({ AUTH_SECRET: 'short' })[0]).toContain('at least 32 bytes')
    expect(problemsOf({ DATABASE_URL: 'x' })[0]).toContain('a URL like postgres://')
    expect(problemsOf({ CORS_ORIGINS: '*' })[0]).toContain('origins like https://app.example.com')
    expect(problemsOf({ TELEGRAM_BOT_TOKEN: 'x' })[0]).toContain('a token from @BotFather')
    expect(problemsOf({ NODE_ENV: 'prod' })[0]).toContain('production')
  })

  test('is reported without what may be secret in it', () => {
    const report = problemsOf({
      AUTH_SECRET: 'hunter2',
      DATABASE_URL: 'mysql://honzik:hunter2@localhost',
      TELEGRAM_BOT_TOKEN: '12:hunter2!',
    })
    expect(report).toHaveLength(3)
    expect(report.join()).not.toContain('hunter2')
  })
})

describe('a secret', () => {
  test('must be given in production', () => {
    expect(problemsOf({ NODE_ENV: 'production' })[0]).toContain('AUTH_SECRET: must be set in production')
    expect(problemsOf({ NODE_ENV: 'production', AUTH_SECRET: '' })).toHaveLength(1)
    expect(problemsOf({ NODE_ENV: 'production', AUTH_SECRET: SECRET })).toEqual([])
    expect(namesIn(problemsOf({ NODE_ENV: 'production', AUTH_SECRET: 'short' }))).toEqual(['AUTH_SECRET'])
  })

  test.each(['0.0.0.0', '::', '192.168.1.5', 'honzik.example.com', '127.0.0.1.example.com', 'localhost.example.com'])(
    'must be given where others can reach the server, as on %s',
    (HOST) => {
      expect(problemsOf({ HOST })).toEqual([expect.stringContaining(`AUTH_SECRET: must be set on HOST ${HOST};`)])
      expect(problemsOf({ HOST, AUTH_SECRET: SECRET })).toEqual([])
    },
  )

  test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('may be made up on %s', (HOST) => {
    expect(isLoopback(HOST)).toBe(true)
    expect(readConfig({ HOST }).authSecret).toBeNull()
  })
})
