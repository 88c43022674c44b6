import { z } from 'zod'
import { type CachesConfig, cachesIn } from './caches-config.ts'
import { OperatorError } from './domain/error.ts'
import type { Price } from './domain/usage.ts'
import { OPENAI_PRICES, pricesIn } from './prices.ts'
import { SAMPLERS, type TracingConfig, tracingIn } from './tracing-config.ts'
import { isHttpUrl, isOrigin, isPostgresUrl, isRedisUrl } from './urls.ts'

/** Everything that can be set from outside, checked and with defaults. */
export interface Config extends CachesConfig {
  readonly port: number
  readonly host: string
  /** Hides the schema and the explorer, and makes nothing up: no secret, no demo learners. */
  readonly production: boolean
  readonly logLevel: string
  readonly dataDir: string
  /** Null: PostgreSQL inside this process, kept in `dataDir`. */
  readonly databaseUrl: string | null
  readonly databasePoolMax: number
  /** Null: no cache that processes share. */
  readonly redisUrl: string | null
  /** Sockets to Redis at most. */
  readonly redisMaxConnections: number
  /** Milliseconds. */
  readonly redisTimeoutMs: number
  /** Null: no model is asked; the engine inside this process answers. */
  readonly openai: OpenAIConfig | null
  /** Null: made and kept in `dataDir`. */
  readonly authSecret: string | null
  readonly telegramBotToken: string | null
  readonly corsOrigins: readonly string[]
  /** Whoever has it may read metrics; null: only callers on this machine may. */
  readonly metricsToken: string | null
  /** Where a worker tells its metrics; null: nowhere. */
  readonly metricsPort: number | null
  /** Null: no limit. */
  readonly rateLimitPerMinute: number | null
  /** Stages of jobs that this process works on at once; 0: it leaves them to others. */
  readonly workers: number
  /** Jobs that may wait at once, of all learners together; more are refused. */
  readonly jobsMax: number
  /** Whether webhooks may go to private addresses, and without TLS. */
  readonly webhookAllowPrivate: boolean
  /** Days after which messages are deleted; null: they stay. */
  readonly messageRetentionDays: number | null
  /** Null: nothing is traced. */
  readonly tracing: TracingConfig | null
  /** Whether a server that starts fills its caches for those who are likely to come. */
  readonly warm: boolean
  /** Learners whom caches are filled for at most. */
  readonly warmLearners: number
}

/** The model that answers, behind OpenAI's API or one like it. */
export interface OpenAIConfig {
  /** Null: the server behind `baseUrl` asks for none. */
  readonly apiKey: string | null
  /** Null: OpenAI's own. */
  readonly baseUrl: string | null
  readonly model: string
  /** Asked when the first one does not answer; null: none. */
  readonly fallbackModel: string | null
  /** Writes down what is said. */
  readonly transcriptionModel: string
  /** Says what is written. */
  readonly speechModel: string
  /** Milliseconds that an answer may take, repeats included. */
  readonly timeoutMs: number
  /** By the model's name. */
  readonly prices: ReadonlyMap<string, Price>
  /** Calls a day for each learner; null: no limit. */
  readonly dailyLimit: number | null
}

/** Every wrong variable at once, one line each. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

const integer = (min: number, max: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.number().min(min).max(max))

const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .pipe(z.array(z.string().refine(isOrigin, 'must be a comma-separated list of origins like https://app.example.com')))

const secret = z
  .string()
  .refine((text) => Buffer.byteLength(text) >= 32, 'must be at least 32 bytes; make one with: openssl rand -base64 32')

/** As long as a value may live at all: 30 days. */
const seconds = integer(1, 30 * 86_400)

const prices = z
  .string()
  .transform(pricesIn)
  .pipe(z.custom<ReadonlyMap<string, Price>>((found) => found !== null, 'must be like gpt-4.1-mini=0.40/0.10/1.60,…'))

const REDIS_URL_PROBLEM =
  'must be a URL like redis://user:password@host:6379, rediss://host:6379 or redis+cluster://host:7000,host:7001'

const url = (example: string) => z.string().refine(isHttpUrl, `must be a URL like ${example}`).optional()

const variables = z.object({
  PORT: integer(0, 65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, 'must be a URL like postgres://user:password@host:5432/name')
    .optional(),
  DATABASE_POOL_MAX: integer(1, 1000).default(10),
  REDIS_URL: z.string().refine(isRedisUrl, REDIS_URL_PROBLEM).optional(),
  REDIS_MAX_CONNECTIONS: integer(2, 10_000).default(50),
  REDIS_TIMEOUT_MS: integer(10, 1000).default(100),
  CACHE_ENABLED: z.enum(['true', 'false']).default('true'),
  REDIS_CACHE_TTL_DEFAULT: seconds.default(3600),
  REDIS_CACHE_TTL_USER: seconds.default(3600),
  REDIS_CACHE_TTL_STATS: seconds.default(900),
  REDIS_CACHE_TTL_OPENAI: seconds.default(86_400),
  CACHE_L1_MAX_MB: integer(0, 1_000_000).default(64),
  CACHE_ENTRY_MAX_KB: integer(1, 100_000).default(1_024),
  CACHE_RESPONSES: z.enum(['true', 'false']).default('true'),
  CACHE_L1_CONSISTENCY: z.enum(['strict', 'bounded']).default('strict'),
  OPENAI_API_KEY: z
    .string()
    .regex(/^[!-~]+$/, 'must be one word')
    .optional(),
  OPENAI_BASE_URL: url('https://host/v1'),
  OPENAI_MODEL: z.string().default('gpt-4.1-mini'),
  OPENAI_FALLBACK_MODEL: z.string().optional(),
  OPENAI_TRANSCRIPTION_MODEL: z.string().default('gpt-4o-mini-transcribe'),
  OPENAI_SPEECH_MODEL: z.string().default('tts-1'),
  OPENAI_TIMEOUT_MS: integer(100, 600_000).default(15_000),
  OPENAI_PRICES: prices.prefault(OPENAI_PRICES),
  OPENAI_DAILY_LIMIT: integer(0, 1_000_000).default(200),
  AUTH_SECRET: secret.optional(),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, 'must be a token from @BotFather like 123456:ABC-def')
    .optional(),
  CORS_ORIGINS: origins.default([]),
  METRICS_TOKEN: z
    .string()
    .regex(/^[!-~]{16,}$/, 'must be at least 16 characters, none of them a space')
    .optional(),
  METRICS_PORT: integer(0, 65_535).optional(),
  RATE_LIMIT_PER_MINUTE: integer(0, 1_000_000).default(0),
  WORKERS: integer(0, 1_000).default(64),
  JOBS_MAX: integer(1, 1_000_000).default(1_000),
  WEBHOOK_ALLOW_PRIVATE: z.enum(['true', 'false']).default('false'),
  MESSAGE_RETENTION_DAYS: integer(0, 36_500).default(0),
  OTEL_SDK_DISABLED: z.enum(['true', 'false']).default('false'),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'console', 'none']).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http://localhost:4318'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url('http://localhost:4318/v1/traces'),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  WARM: z.enum(['auto', 'off']).default('auto'),
  WARM_LEARNERS: integer(1, 10_000_000).default(10_000),
})

/** The names of all variables that are read. */
export const VARIABLES: readonly string[] = Object.keys(variables.shape)

/**
 * Reads the configuration from environment variables; an empty one counts as not set.
 * @throws ConfigError naming every variable that is wrong
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = variables.safeParse(given)
  const problems = parsed.error?.issues.map(({ path, message }) => `${path[0]?.toString()}: ${message}`) ?? []
  problems.push(...[missingSecret(given), openToPrivate(given)].filter((problem) => problem !== null))
  if (!parsed.success || problems.length > 0) throw new ConfigError([...new Set(problems)])

  const { data } = parsed
  return {
    port: data.PORT,
    host: data.HOST,
    production: data.NODE_ENV === 'production',
    logLevel: data.LOG_LEVEL,
    dataDir: data.DATA_DIR,
    databaseUrl: data.DATABASE_URL ?? null,
    databasePoolMax: data.DATABASE_POOL_MAX,
    redisUrl: data.REDIS_URL ?? null,
    redisMaxConnections: data.REDIS_MAX_CONNECTIONS,
    redisTimeoutMs: data.REDIS_TIMEOUT_MS,
    ...cachesIn(data),
    ...{ openai: openaiIn(data), tracing: tracingIn(data) },
    authSecret: data.AUTH_SECRET ?? null,
    telegramBotToken: data.TELEGRAM_BOT_TOKEN ?? null,
    corsOrigins: data.CORS_ORIGINS,
    metricsToken: data.METRICS_TOKEN ?? null,
    metricsPort: data.METRICS_PORT ?? null,
    rateLimitPerMinute: data.RATE_LIMIT_PER_MINUTE || null,
    workers: data.WORKERS,
    jobsMax: data.JOBS_MAX,
    webhookAllowPrivate: data.WEBHOOK_ALLOW_PRIVATE === 'true',
    messageRetentionDays: data.MESSAGE_RETENTION_DAYS || null,
    warm: data.WARM === 'auto',
    warmLearners: data.WARM_LEARNERS,
  }
}

/** A key or an address is what says that a model is to be asked. */
function openaiIn(data: z.infer<typeof variables>): OpenAIConfig | null {
  const { OPENAI_API_KEY: apiKey = null, OPENAI_BASE_URL: baseUrl = null } = data
  if (apiKey === null && baseUrl === null) return null
  return {
    apiKey,
    baseUrl,
    model: data.OPENAI_MODEL,
    fallbackModel: data.OPENAI_FALLBACK_MODEL ?? null,
    transcriptionModel: data.OPENAI_TRANSCRIPTION_MODEL,
    speechModel: data.OPENAI_SPEECH_MODEL,
    timeoutMs: data.OPENAI_TIMEOUT_MS,
    prices: data.OPENAI_PRICES,
    dailyLimit: data.OPENAI_DAILY_LIMIT || null,
  }
}

/** A secret may be made up only where nobody else can reach the server. */
function missingSecret({ AUTH_SECRET, NODE_ENV, HOST }: Record<string, string | undefined>): string | null {
  if (AUTH_SECRET !== undefined) return null
  const why = NODE_ENV === 'production' ? 'in production' : isLoopback(HOST ?? '127.0.0.1') ? null : `on HOST ${HOST}`
  return why && `AUTH_SECRET: must be set ${why}; make one with: openssl rand -base64 32`
}

/** Whoever registers a webhook could have this server call others in its own network. */
function openToPrivate({ NODE_ENV, WEBHOOK_ALLOW_PRIVATE }: Record<string, string | undefined>): string | null {
  if (NODE_ENV !== 'production' || WEBHOOK_ALLOW_PRIVATE !== 'true') return null
  return 'WEBHOOK_ALLOW_PRIVATE: must not be true in production'
}

export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host)
