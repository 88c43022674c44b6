import type { TelegramId } from '../../domain/ids.ts';
import type { CalendarDate } from '../../domain/calendar.ts';
import type { Timestamp } from '../../domain/calendar.ts';
import type { Upload } from '../upload.ts';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { User as UserModel } from '../../domain/user.ts';
import type { Message as MessageModel } from '../../domain/message.ts';
import type { Job as JobModel } from '../../domain/job.ts';
import type { Webhook as WebhookModel, WebhookDelivery as DeliveryModel } from '../../domain/delivery.ts';
import type { CacheEntry as CacheEntryModel, CachedCopy as CachedCopyModel } from '../../domain/cache-report.ts';
import type { UsageDay as UsageModel } from '../../domain/usage.ts';
import type { GraphQLContext } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string | number; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A 64-bit integer. Answers are decimal strings, because JSON numbers lose digits past 2^53; inputs may be strings or integers. */
  BigInt: { input: string; output: TelegramId; }
  /** A calendar date without a time of day, `YYYY-MM-DD`. A learner's day is the day in their own time zone. */
  Date: { input: string; output: CalendarDate; }
  /** An instant in time, ISO 8601 with an offset. Answers are in UTC with milliseconds, as in `2026-11-23T08:30:00.000Z`. */
  DateTime: { input: string; output: Timestamp; }
  /** A file, sent as `multipart/form-data` by the GraphQL multipart request specification. */
  Upload: { input: Upload; output: never; }
};

/** The state of the language model behind the tutor. */
export type AiHealth = {
  readonly __typename?: 'AiHealth';
  /** `DISABLED` means that the embedded tutor answers instead of a model. */
  readonly status: ComponentStatus;
};

/** For whom an answer that is kept is good. */
export type CacheControlScope =
  /** For the viewer who asked, in the role they had. */
  | 'PRIVATE'
  /** For everybody. Nothing about a learner is. */
  | 'PUBLIC';

/** What caches and the database say of one thing at one moment. */
export type CacheEntry = {
  readonly __typename?: 'CacheEntry';
  /** What the database says, as JSON; `null` where there is no such row. Null for what is not cached by itself, and for answers of models, which are nowhere else. */
  readonly database?: Maybe<Scalars['String']['output']>;
  /** Whether each copy says what the database says; null where there is nothing to compare. The database is asked last: when it says false, ask once more, as a change may just have come in between. */
  readonly isFresh?: Maybe<Scalars['Boolean']['output']>;
  /** In the memory of the process that answers; null where it is not, or is not what a request would get now. */
  readonly memory?: Maybe<CachedCopy>;
  /** The policy that it is cached by, such as `profile`; null for a tag that only whole answers have. */
  readonly policy?: Maybe<Scalars['String']['output']>;
  /** Whole answers in the memory of the process that answers, which show it. */
  readonly responses: Scalars['Int']['output'];
  /** In Redis; null where it is not, is of no use, or Redis does not answer. */
  readonly shared?: Maybe<CachedCopy>;
  /** What it is filed under. */
  readonly tag: Scalars['String']['output'];
};

/** What caching one kind of thing has come to. Counts are whole numbers, which may be larger than an `Int`. */
export type CachePolicyStats = {
  readonly __typename?: 'CachePolicyStats';
  /** Mean age of these entries in seconds; null where there are none. */
  readonly ageSeconds?: Maybe<Scalars['Float']['output']>;
  /** Bytes that these entries take, roughly. */
  readonly bytes: Scalars['Float']['output'];
  /** Taken from another request that was fetching the same; neither hits nor misses. */
  readonly coalesced: Scalars['Float']['output'];
  /** In the memory of all processes now, whatever the span. */
  readonly entries: Scalars['Float']['output'];
  /** Hits of hits and misses, from 0 to 1; null where nothing was looked for. */
  readonly hitRate?: Maybe<Scalars['Float']['output']>;
  /** Found in a process's memory or in Redis. */
  readonly hits: Scalars['Float']['output'];
  /** Changes that made things of this kind stale. */
  readonly invalidations: Scalars['Float']['output'];
  /** Looked for in vain. */
  readonly misses: Scalars['Float']['output'];
  /** What is cached, such as `profile` or `practice`; `response` stands for whole answers. */
  readonly policy: Scalars['String']['output'];
  /** Milliseconds that the hits would have taken at the source, by what loads took. */
  readonly timeSavedMs: Scalars['Float']['output'];
};

/** How the caches do, in all processes together. For admins. */
export type CacheStats = {
  readonly __typename?: 'CacheStats';
  /** The last hour, day and week. */
  readonly windows: ReadonlyArray<CacheStatsWindow>;
};

/** How the caches have done in a span of time. */
export type CacheStatsWindow = {
  readonly __typename?: 'CacheStatsWindow';
  /** By what is cached, always in the same order. */
  readonly policies: ReadonlyArray<CachePolicyStats>;
  /** USD not paid again, as models' answers were remembered or shared. */
  readonly usdSaved: Scalars['Float']['output'];
  /** USD paid for models, as far as their prices are known. */
  readonly usdSpent: Scalars['Float']['output'];
  /** The span. */
  readonly window: StatsWindow;
};

/** One copy of a thing in a cache. */
export type CachedCopy = {
  readonly __typename?: 'CachedCopy';
  /** What it takes where it is: in memory with everything that belongs to it, in Redis maybe compressed. */
  readonly bytes: Scalars['Int']['output'];
  /** When it ends. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** When it was loaded or computed; null for copies that do not say. */
  readonly loadedAt?: Maybe<Scalars['DateTime']['output']>;
  /** As JSON; of speech only how many bytes it has, as in `{"bytes":12345}`. */
  readonly value: Scalars['String']['output'];
};

/** Who answers the learner. */
export type Character =
  /** Honzík, a young man from Prague. He uses informal address (tykání). */
  | 'HONZIK'
  /** Paní Nováková, a retired teacher. She uses formal address (vykání). */
  | 'NOVAKOVA';

/** The state of one component and how long it took to answer. */
export type ComponentHealth = {
  readonly __typename?: 'ComponentHealth';
  /** How long the last probe took, in milliseconds; null when the component does not answer or is disabled. */
  readonly latencyMs?: Maybe<Scalars['Float']['output']>;
  /** Whether the component answers. */
  readonly status: ComponentStatus;
};

/** The state of one component. */
export type ComponentStatus =
  /** It is not configured; the service does without it. */
  | 'DISABLED'
  /** It answers. */
  | 'HEALTHY'
  /** It is configured and does not answer. */
  | 'UNAVAILABLE';

/** The tone of the conversation. */
export type ConversationStyle =
  /** Relaxed, like a chat with a friend. */
  | 'CASUAL'
  /** Warm and encouraging. */
  | 'FRIENDLY'
  /** Explains as a teacher does. */
  | 'TUTOR';

/** How much of a text the tutor corrects. */
export type CorrectionsLevel =
  /** Mistakes worth learning from. */
  | 'BALANCED'
  /** Every mistake, with its explanation. */
  | 'DETAILED'
  /** Only mistakes that hinder understanding. */
  | 'MINIMAL';

/** A new learner. */
export type CreateUserInput = {
  /** How the learner is called, 1 to 64 characters. */
  readonly firstName: Scalars['String']['input'];
  /** How well the learner commands Czech; `BEGINNER` when left out. */
  readonly level?: InputMaybe<Level>;
  /** An ISO 639-1 code; `en` when left out. */
  readonly nativeLanguage?: InputMaybe<Scalars['String']['input']>;
  /** How the learner wants to be taught. */
  readonly settings?: InputMaybe<UserSettingsInput>;
  /** The learner's Telegram id, unique, 1 to 2^63 − 1. */
  readonly telegramId: Scalars['BigInt']['input'];
  /** The learner's Telegram user name, 1 to 64 characters. */
  readonly username?: InputMaybe<Scalars['String']['input']>;
};

/** The learner that was created. */
export type CreateUserPayload = {
  readonly __typename?: 'CreateUserPayload';
  /** The new learner. */
  readonly user: User;
};

/** A learner's practice on one calendar day of their time zone. */
export type DailyStats = {
  readonly __typename?: 'DailyStats';
  /** The word-weighted mean of the day's scores, 0 to 100, rounded to a whole percent; 0 without practice. */
  readonly correctPercent: Scalars['Int']['output'];
  /** The day. */
  readonly date: Scalars['Date']['output'];
  /** Messages sent that day. */
  readonly messagesCount: Scalars['Int']['output'];
  /** How many days in a row the learner had practised by that day, that day included; 0 without practice. */
  readonly streakDay: Scalars['Int']['output'];
  /** Words in those messages. */
  readonly wordsSaid: Scalars['Int']['output'];
};

/** Whom to delete. */
export type DeleteUserInput = {
  /** The learner's id. */
  readonly id: Scalars['ID']['input'];
};

/** The learner that is gone. */
export type DeleteUserPayload = {
  readonly __typename?: 'DeleteUserPayload';
  /** The id that no longer exists. */
  readonly deletedId: Scalars['ID']['output'];
};

/** Which webhook to delete. */
export type DeleteWebhookInput = {
  /** The webhook's id. */
  readonly id: Scalars['ID']['input'];
};

/** The webhook that is gone. */
export type DeleteWebhookPayload = {
  readonly __typename?: 'DeleteWebhookPayload';
  /** The id that no longer exists. */
  readonly deletedId: Scalars['ID']['output'];
};

/** What an uptime monitor wants to know. Public, never cached. */
export type Health = {
  readonly __typename?: 'Health';
  /** The language model. */
  readonly ai: AiHealth;
  /** PostgreSQL, or the embedded database. */
  readonly database: ComponentHealth;
  /** What waits in the background. */
  readonly jobs: JobsHealth;
  /** The shared cache. */
  readonly redis: ComponentHealth;
  /** The whole service's state. */
  readonly status: HealthStatus;
  /** Seconds since this process started. */
  readonly uptimeSeconds: Scalars['Float']['output'];
  /** The version of the running release. */
  readonly version: Scalars['String']['output'];
};

/** The state of the whole service. */
export type HealthStatus =
  /** Requests are answered, but something that is configured is out of reach, Redis or the model, or so much waits in the background that more is refused. */
  | 'DEGRADED'
  /** Everything that is configured works. */
  | 'HEALTHY'
  /** The database is out of reach; most requests fail with `SERVICE_UNAVAILABLE`. */
  | 'UNHEALTHY';

/** What the tutor says to a text. */
export type HonzikReply = {
  readonly __typename?: 'HonzikReply';
  /** Where it came from. */
  readonly cache: ReplyCache;
  /** The text without its mistakes. */
  readonly correctedText: Scalars['String']['output'];
  /** How correct the text is, 0 to 100; the embedded engine gives at most 79. */
  readonly correctnessScore: Scalars['Int']['output'];
  /** Who made it. */
  readonly engine: ReplyEngine;
  /** What is wrong with the text, in its order. The embedded engine knows of spelling only. */
  readonly mistakes: ReadonlyArray<Mistake>;
  /** The model's name; null for the embedded engine. */
  readonly model?: Maybe<Scalars['String']['output']>;
  /** At most three words that are worth learning. */
  readonly newWords: ReadonlyArray<NewWord>;
  /** The reply, in Czech and in character; it ends with a question. */
  readonly reply: Scalars['String']['output'];
  /** How the learner could go on, or say it better. */
  readonly suggestion: Scalars['String']['output'];
};

/** What is said to the tutor. What is left out is the learner's own. */
export type HonzikReplyInput = {
  /** Who answers. */
  readonly character?: InputMaybe<Character>;
  /** The tone of the conversation. */
  readonly conversationStyle?: InputMaybe<ConversationStyle>;
  /** How much of the text is corrected. */
  readonly correctionsLevel?: InputMaybe<CorrectionsLevel>;
  /** How well the learner commands Czech. */
  readonly level?: InputMaybe<Level>;
  /** The language of translations, an ISO 639-1 code. */
  readonly nativeLanguage?: InputMaybe<Scalars['String']['input']>;
  /** A text in Czech, 1 to 2,000 characters. */
  readonly text: Scalars['String']['input'];
  /** Whose profile and settings, and whose daily limit; the viewer when left out. Another's is for staff. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
};

/** A part of a streamed reply: its text word by word, at last the whole, which counts where the two differ. */
export type HonzikReplyPart = {
  readonly __typename?: 'HonzikReplyPart';
  /** The whole; null until the last part. */
  readonly reply?: Maybe<HonzikReply>;
  /** The next word of `reply.reply`, with the space behind it; null on the last part. */
  readonly text?: Maybe<Scalars['String']['output']>;
};

/** A message that is worked on in the background. */
export type Job = {
  readonly __typename?: 'Job';
  /** How often the stage was begun. */
  readonly attempts: Scalars['Int']['output'];
  /** When it was accepted. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** What went wrong last; null after a stage was done. */
  readonly error?: Maybe<JobError>;
  /** When it ended; null until then. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The job's id. */
  readonly id: Scalars['ID']['output'];
  /** What it is about. */
  readonly kind: JobKind;
  /** Percent of its stages that are done. */
  readonly progress: Scalars['Int']['output'];
  /** What has come of the message; null until it is answered, and there before the job has ended. */
  readonly result?: Maybe<SendMessagePayload>;
  /** Counts the changes of its state, from 0. */
  readonly revision: Scalars['Int']['output'];
  /** What the answer sounds like; null until it was spoken, and where there is nobody who could say it. */
  readonly speech?: Maybe<Speech>;
  /** The stage that is under way or comes next, and where a job has failed or was cancelled; null when all are done. */
  readonly stage?: Maybe<JobStage>;
  /** How far it is. */
  readonly status: JobStatus;
  /** When its state last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
  /** The learner's message; null until a recording was transcribed. */
  readonly userMessage?: Maybe<Message>;
};

/** Why a job, or an attempt at a stage, came to nothing. */
export type JobError = {
  readonly __typename?: 'JobError';
  /** What went wrong. */
  readonly code: JobErrorCode;
  /** The same in words. */
  readonly message: Scalars['String']['output'];
  /** Seconds after which a repeat may succeed; null when that is not known. */
  readonly retryAfterSeconds?: Maybe<Scalars['Int']['output']>;
  /** Whether `retryJob` may help once the job has failed. */
  readonly retryable: Scalars['Boolean']['output'];
  /** During which stage. */
  readonly stage: JobStage;
};

/** Why a job, or an attempt at a stage, came to nothing. */
export type JobErrorCode =
  /** A fault of ours. */
  | 'INTERNAL_SERVER_ERROR'
  /** Nothing that was said could be heard. */
  | 'NO_SPEECH'
  /** The learner has asked models as often as they may on one day. */
  | 'RATE_LIMITED'
  /** No model that understands speech is configured. */
  | 'STT_UNAVAILABLE'
  /** A model did not answer. */
  | 'UPSTREAM_UNAVAILABLE'
  /** No process that worked on it has lived to see it done. */
  | 'WORKER_LOST';

/** Which job. */
export type JobInput = {
  /** The job's id. */
  readonly id: Scalars['ID']['input'];
};

/** What a job is about. */
export type JobKind =
  /** A text that is to be answered. */
  | 'TEXT_MESSAGE'
  /** A recording that is to be transcribed, answered and spoken to. */
  | 'VOICE_MESSAGE';

/** One part of a job, in the order in which they are done. */
export type JobStage =
  /** The tutor answers, and the message counts as practice. */
  | 'REPLY'
  /** The answer is spoken. */
  | 'SPEAK'
  /** What was said is written down. */
  | 'TRANSCRIBE';

/** How far a job is. */
export type JobStatus =
  /** It was given up with `cancelJob`. */
  | 'CANCELLED'
  /** `error` says why, and whether `retryJob` may help. */
  | 'FAILED'
  /** Its stage waits to be begun, or begun once more. */
  | 'QUEUED'
  /** Its stage is under way. */
  | 'RUNNING'
  /** All is done. */
  | 'SUCCEEDED';

/** Messages that wait to be answered in the background. */
export type JobsHealth = {
  readonly __typename?: 'JobsHealth';
  /** How long the oldest of them has waited, in seconds; null when there is none. */
  readonly oldestAgeSeconds?: Maybe<Scalars['Float']['output']>;
  /** `UNAVAILABLE` while so much waits that more is refused, and while it cannot be counted. */
  readonly status: ComponentStatus;
  /** Jobs that are not over; null when they cannot be counted. */
  readonly waiting?: Maybe<Scalars['Int']['output']>;
};

/** How well a learner commands Czech. */
export type Level =
  /** Fluent, with occasional mistakes. */
  | 'ADVANCED'
  /** Knows a few phrases; answers are short and simple. */
  | 'BEGINNER'
  /** Can hold an everyday conversation. */
  | 'INTERMEDIATE'
  /** Speaks Czech as a first language. */
  | 'NATIVE';

/** One message of a conversation. */
export type Message = {
  readonly __typename?: 'Message';
  /** Whether the tutor has answered a learner's message. One that is not answered is no practice yet; `retryMessage` has it answered. Always true of the tutor's messages. */
  readonly answered: Scalars['Boolean']['output'];
  /** The text without its mistakes; null on the tutor's messages. */
  readonly correctedText?: Maybe<Scalars['String']['output']>;
  /** How correct the text was, 0 to 100; null on the tutor's messages. */
  readonly correctnessScore?: Maybe<Scalars['Int']['output']>;
  /** When it was written. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The message's id. */
  readonly id: Scalars['ID']['output'];
  /** What was wrong, in the order of the text. */
  readonly mistakes: ReadonlyArray<Mistake>;
  /** Who wrote it. */
  readonly role: MessageRole;
  /** What the tutor's message sounds like; null where it was not spoken. */
  readonly speech?: Maybe<Speech>;
  /** What was written. */
  readonly text: Scalars['String']['output'];
  /** The learner whose conversation it is. */
  readonly user: User;
  /** Words without a mistake. */
  readonly wordsCorrect: Scalars['Int']['output'];
  /** Words in the text. */
  readonly wordsTotal: Scalars['Int']['output'];
};

/** A page of a conversation. */
export type MessageConnection = {
  readonly __typename?: 'MessageConnection';
  /** The messages with their cursors. */
  readonly edges: ReadonlyArray<MessageEdge>;
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
};

/** A message and its place in the conversation. */
export type MessageEdge = {
  readonly __typename?: 'MessageEdge';
  /** The message's place, to be given as `after`. */
  readonly cursor: Scalars['String']['output'];
  /** The message. */
  readonly node: Message;
};

/** Who wrote a message. */
export type MessageRole =
  /** The tutor. */
  | 'ASSISTANT'
  /** The learner. */
  | 'USER';

/** One mistake in a learner's text. */
export type Mistake = {
  readonly __typename?: 'Mistake';
  /** What would have been right. */
  readonly corrected: Scalars['String']['output'];
  /** Why, in simple Czech. */
  readonly explanation: Scalars['String']['output'];
  /** What the learner wrote. */
  readonly original: Scalars['String']['output'];
};

/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Gives up a job: one's own, or anyone's for staff. One that is over stays as it is. */
  readonly cancelJob?: Maybe<Job>;
  /** Creates a learner. For staff. */
  readonly createUser?: Maybe<CreateUserPayload>;
  /** Deletes a learner with everything of theirs: oneself, or anyone for staff. */
  readonly deleteUser?: Maybe<DeleteUserPayload>;
  /** Removes a webhook with its deliveries. For staff. */
  readonly deleteWebhook?: Maybe<DeleteWebhookPayload>;
  /** Makes caches forget what is filed under some tags, or everything of learners. For admins. */
  readonly purgeCache?: Maybe<PurgeCachePayload>;
  /** Counts practice that happened in another client: the day, the streak and the stars. For staff. */
  readonly recordActivity?: Maybe<RecordActivityPayload>;
  /** Delivers something once more that has ended, under the same id. For staff. */
  readonly redeliverWebhook?: Maybe<RedeliverWebhookPayload>;
  /** Has a receiver told of events. For staff; at most 20. */
  readonly registerWebhook?: Maybe<RegisterWebhookPayload>;
  /** Has a failed job go on where it failed. One that is not over stays as it is. */
  readonly retryJob?: Maybe<Job>;
  /** Has a message answered that the tutor could not answer when it was sent; it counts on the day it was sent, once. Of a message that is answered, returns the answer. */
  readonly retryMessage?: Maybe<SendMessagePayload>;
  /** Says something to the tutor: the answer, both messages, and the practice that it was, kept in one step. When no tutor answers, the message is kept and `UPSTREAM_UNAVAILABLE` names it. With the mode `ASYNC`, the message is kept and answered in the background. */
  readonly sendMessage?: Maybe<SendMessagePayload>;
  /** Keeps what a learner has said, and has it written down, answered and spoken to in the background. Follow the job to hear how far it is. */
  readonly sendVoiceMessage?: Maybe<Job>;
  /** Exchanges Telegram's signed `initData`, at most 24 hours old, for a token. Creates the learner on first sight. Public. */
  readonly signInWithTelegram?: Maybe<SignInWithTelegramPayload>;
  /** Changes a learner's profile: one's own, or anyone's for staff. */
  readonly updateUser?: Maybe<UpdateUserPayload>;
  /** Changes a learner's settings: one's own, or anyone's for staff. */
  readonly updateUserSettings?: Maybe<UpdateUserSettingsPayload>;
  /** Changes a webhook, and switches it on or off. For staff. */
  readonly updateWebhook?: Maybe<UpdateWebhookPayload>;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationCancelJobArgs = {
  input: JobInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationCreateUserArgs = {
  input: CreateUserInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationDeleteUserArgs = {
  input: DeleteUserInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationDeleteWebhookArgs = {
  input: DeleteWebhookInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationPurgeCacheArgs = {
  input: PurgeCacheInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationRecordActivityArgs = {
  input: RecordActivityInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationRedeliverWebhookArgs = {
  input: RedeliverWebhookInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationRegisterWebhookArgs = {
  input: RegisterWebhookInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationRetryJobArgs = {
  input: JobInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationRetryMessageArgs = {
  input: RetryMessageInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationSendMessageArgs = {
  input: SendMessageInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationSendVoiceMessageArgs = {
  input: SendVoiceMessageInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationSignInWithTelegramArgs = {
  input: SignInWithTelegramInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationUpdateUserArgs = {
  input: UpdateUserInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationUpdateUserSettingsArgs = {
  input: UpdateUserSettingsInput;
};


/** Everything that can be changed. A mutation is acknowledged only after it is kept. */
export type MutationUpdateWebhookArgs = {
  input: UpdateWebhookInput;
};

/** A Czech word that is worth learning. */
export type NewWord = {
  readonly __typename?: 'NewWord';
  /** The word. */
  readonly czech: Scalars['String']['output'];
  /** A sentence with it, in Czech. */
  readonly example: Scalars['String']['output'];
  /** What it means, in the learner's native language. */
  readonly translation: Scalars['String']['output'];
};

/** Where a page of a list begins and ends (Relay cursor connections). */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the last item, to be given as `after` for the next page; null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether there are more items after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether this page was asked for with `after`, so that items precede it. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item; null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** What caches are to forget: some tags, or all. */
export type PurgeCacheInput = {
  /** Everything of every learner. Answers of the model are spared. */
  readonly all?: InputMaybe<Scalars['Boolean']['input']>;
  /** At most 1,000 tags: `user:1`, `settings:1`, `stars:1`, `practice:1` and `messages:1` of the learner 1, `telegram:1001` of a Telegram id, `users` of every list of learners; and of the model's answers the one under `honzikReply.cache.key`, and `replies:1` and `asked:1` of the learner 1. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What caches have forgotten. */
export type PurgeCachePayload = {
  readonly __typename?: 'PurgeCachePayload';
  /** The tags, each once; `*` stands for all. */
  readonly purgedTags: ReadonlyArray<Scalars['String']['output']>;
};

/** Everything that can be read. Unknown ids, and other people's, are null with the error code `NOT_FOUND`. */
export type Query = {
  readonly __typename?: 'Query';
  /** What is cached, and what the database says of it, one entry for each tag. Looking changes nothing. For admins. */
  readonly cacheEntries?: Maybe<ReadonlyArray<CacheEntry>>;
  /** How the caches do. For admins. */
  readonly cacheStats?: Maybe<CacheStats>;
  /** Whether the service works. Public. */
  readonly health: Health;
  /** What the tutor says to a text. Nothing is kept or counted as practice; `sendMessage` is for that. */
  readonly honzikReply?: Maybe<HonzikReply>;
  /** A job: one's own, or anyone's for staff. */
  readonly job?: Maybe<Job>;
  /** The signed-in learner; null for staff who are no learners. */
  readonly me?: Maybe<User>;
  /** A learner by id: oneself, or anyone for staff. */
  readonly user?: Maybe<User>;
  /** A learner by Telegram id: oneself, or anyone for staff. */
  readonly userByTelegramId?: Maybe<User>;
  /** All learners in the order of their creation. For staff. */
  readonly users?: Maybe<UserConnection>;
  /** All webhooks, oldest first. For staff. */
  readonly webhooks?: Maybe<WebhookConnection>;
};


/** Everything that can be read. Unknown ids, and other people's, are null with the error code `NOT_FOUND`. */
export type QueryCacheEntriesArgs = {
  tags: ReadonlyArray<Scalars['String']['input']>;
};


/** Everything that can be read. Unknown ids, and other people's, are null with the error code `NOT_FOUND`. */
export type QueryHonzikReplyArgs = {
  input: HonzikReplyInput;
};


/** Everything that can be read. Unknown ids, and other people's, are null with the error code `NOT_FOUND`. */
export type QueryJobArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. Unknown ids, and other people's, are null with the error code `NOT_FOUND`. */
export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. Unknown ids, and other people's, are null with the error code `NOT_FOUND`. */
export type QueryUserByTelegramIdArgs = {
  telegramId: Scalars['BigInt']['input'];
};


/** Everything that can be read. Unknown ids, and other people's, are null with the error code `NOT_FOUND`. */
export type QueryUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** Everything that can be read. Unknown ids, and other people's, are null with the error code `NOT_FOUND`. */
export type QueryWebhooksArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** Practice that happened in another client. */
export type RecordActivityInput = {
  /** How correct the message was, 0 to 100. */
  readonly correctnessScore: Scalars['Int']['input'];
  /** Makes a repeat harmless: the same key with the same input returns the first result, with other input it is a `CONFLICT`. 1 to 128 characters, unique per learner. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** When it happened: within the last 48 hours, not in the future; now when left out. */
  readonly occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The learner's id. */
  readonly userId: Scalars['ID']['input'];
  /** Words in the message, 0 to 10,000. */
  readonly wordsTotal: Scalars['Int']['input'];
};

/** The learner's day and stars after the practice was counted. */
export type RecordActivityPayload = {
  readonly __typename?: 'RecordActivityPayload';
  /** The day of the practice, in the learner's time zone. */
  readonly dailyStats: DailyStats;
  /** The learner's stars. */
  readonly stars: Stars;
};

/** What to deliver once more. */
export type RedeliverWebhookInput = {
  /** The delivery's id. */
  readonly id: Scalars['ID']['input'];
};

/** The delivery, on its way again. */
export type RedeliverWebhookPayload = {
  readonly __typename?: 'RedeliverWebhookPayload';
  /** The delivery. */
  readonly delivery: WebhookDelivery;
};

/** A receiver of events. */
export type RegisterWebhookInput = {
  /** What it is told of, at least one. */
  readonly events: ReadonlyArray<WebhookEvent>;
  /** What it is signed with: `whsec_` and 24 to 64 bytes in base64. Made when left out. */
  readonly secret?: InputMaybe<Scalars['String']['input']>;
  /** Where it is told: `https://`, at an address that anybody may reach, at most 2,048 characters. */
  readonly url: Scalars['String']['input'];
};

/** A receiver that is told of events from now on. */
export type RegisterWebhookPayload = {
  readonly __typename?: 'RegisterWebhookPayload';
  /** The secret that was made, which is never shown again; null when one was given. */
  readonly secret?: Maybe<Scalars['String']['output']>;
  /** The webhook. */
  readonly webhook: Webhook;
};

/** Where a reply came from. */
export type ReplyCache = {
  readonly __typename?: 'ReplyCache';
  /** Whole seconds since it was made. */
  readonly ageSeconds: Scalars['Int']['output'];
  /** The tag it is remembered under, for `purgeCache`; null for learners, and where nothing is remembered. */
  readonly key?: Maybe<Scalars['String']['output']>;
  /** Whether it was remembered. */
  readonly status: ReplyCacheStatus;
};

/** Where a reply came from, as far as the caller may know. */
export type ReplyCacheStatus =
  /** Nothing is remembered: the embedded engine, or staff who asked with `cache-control`. */
  | 'BYPASS'
  /** It was made for another request at the same moment. For staff. */
  | 'COALESCED'
  /** It was remembered. Learners see this only for what they have asked before themselves. */
  | 'HIT'
  /** It was made for this request, or looks so to a learner. */
  | 'MISS';

/** Who made a reply. */
export type ReplyEngine =
  /** The engine inside the server, where no model is configured. It checks spelling only. */
  | 'EMBEDDED'
  /** A language model. */
  | 'OPENAI';

/** A message that the tutor could not answer when it was sent. */
export type RetryMessageInput = {
  /** The message's id, as in the error's `extensions.messageId`. */
  readonly id: Scalars['ID']['input'];
};

/** A learner's message to the tutor. */
export type SendMessageInput = {
  /** Makes a repeat harmless: the same key with the same text returns the first result and counts once, with another text it is a `CONFLICT`. 1 to 128 characters, unique per learner. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Whether to wait for the answer. */
  readonly mode?: SendMode;
  /** What the learner says in Czech, 1 to 2,000 characters. */
  readonly text: Scalars['String']['input'];
  /** The learner; the viewer when left out. Another is for staff. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
};

/** A message, its answer, and the practice that it was. Of a message that waits for its answer there is only the message, and the job that has it answered. */
export type SendMessagePayload = {
  readonly __typename?: 'SendMessagePayload';
  /** The tutor's message. */
  readonly assistantMessage?: Maybe<Message>;
  /** The learner's day of the message. */
  readonly dailyStats?: Maybe<DailyStats>;
  /** All that the tutor said. */
  readonly honzikReply?: Maybe<HonzikReply>;
  /** What has the message answered in the background; null when it was answered at once. */
  readonly job?: Maybe<Job>;
  /** The learner's stars. */
  readonly stars?: Maybe<Stars>;
  /** The stars that the message earned. */
  readonly starsEarned?: Maybe<Scalars['Int']['output']>;
  /** The learner's message, corrected. */
  readonly userMessage: Message;
};

/** Whether a message is answered while its sender waits. */
export type SendMode =
  /** The message is kept and answered in the background; the payload has the job that does it. */
  | 'ASYNC'
  /** The answer comes with the payload. */
  | 'SYNC';

/** What a learner has said. */
export type SendVoiceMessageInput = {
  /** A recording of at most 60 seconds and 5 MB, in Ogg (Opus or Vorbis), MP3, M4A (AAC), WAV (PCM) or WebM (Opus or Vorbis). */
  readonly audio: Scalars['Upload']['input'];
  /** Makes a repeat harmless: the same key with the same recording returns the same job, with another one it is a `CONFLICT`. 1 to 128 characters, unique per learner. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The learner; the viewer when left out. Another is for staff. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
};

/** What proves who a learner is. */
export type SignInWithTelegramInput = {
  /** The `initData` string that Telegram hands to a Mini App, unchanged. */
  readonly initData: Scalars['String']['input'];
};

/** A signed-in learner. */
export type SignInWithTelegramPayload = {
  readonly __typename?: 'SignInWithTelegramPayload';
  /** When the token ends, at most 24 hours from now. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** A Bearer token for the `Authorization` header. */
  readonly token: Scalars['String']['output'];
  /** The learner, created on first sight. */
  readonly user: User;
};

/** What a message of the tutor's sounds like. It is kept for 30 days. */
export type Speech = {
  readonly __typename?: 'Speech';
  /** How long it is, in bytes. */
  readonly bytes: Scalars['Int']['output'];
  /** The media type, such as `audio/mpeg`. */
  readonly contentType: Scalars['String']['output'];
  /** When the link ends, at most 15 minutes from now. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** Where it is for whoever has this link, relative to the server's address. Whoever is signed in as the learner finds it there without the rest behind the question mark, too. */
  readonly url: Scalars['String']['output'];
};

/** The stars a learner has earned. */
export type Stars = {
  readonly __typename?: 'Stars';
  /** Those not spent yet. */
  readonly available: Scalars['Int']['output'];
  /** All stars ever earned; never falls. */
  readonly lifetime: Scalars['Int']['output'];
  /** All stars the learner has. */
  readonly total: Scalars['Int']['output'];
};

/** All of a learner's practice in a few numbers. */
export type StatsSummary = {
  readonly __typename?: 'StatsSummary';
  /** The word-weighted mean of all scores, 0 to 100, rounded to one decimal; null without practice. */
  readonly averageCorrectness?: Maybe<Scalars['Float']['output']>;
  /** Days of practice in a row, as of today; 0 when neither today nor yesterday has a message. */
  readonly currentStreak: Scalars['Int']['output'];
  /** The longest streak ever. */
  readonly maxStreak: Scalars['Int']['output'];
  /** All messages ever sent. */
  readonly totalMessages: Scalars['Int']['output'];
  /** All words ever said. */
  readonly totalWords: Scalars['Int']['output'];
};

/** A span of time up to now that is looked back on. */
export type StatsWindow =
  /** The hour that runs, and the 23 before it. */
  | 'DAY'
  /** The minute that runs, and the 59 before it. */
  | 'HOUR'
  /** The hour that runs, and the 167 before it. */
  | 'WEEK';

/** What can be followed at `/graphql`, as server-sent events (`accept: text/event-stream`) or over a WebSocket (`graphql-transport-ws`). */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /** The same as the query, with the reply's text as it comes. */
  readonly honzikReply: HonzikReplyPart;
  /** A job at each of its changes, from the first on, in their order; ends with the job. Later changes come as soon as they are kept, whichever process works on it. */
  readonly jobUpdated: Job;
};


/** What can be followed at `/graphql`, as server-sent events (`accept: text/event-stream`) or over a WebSocket (`graphql-transport-ws`). */
export type SubscriptionHonzikReplyArgs = {
  input: HonzikReplyInput;
};


/** What can be followed at `/graphql`, as server-sent events (`accept: text/event-stream`) or over a WebSocket (`graphql-transport-ws`). */
export type SubscriptionJobUpdatedArgs = {
  after?: InputMaybe<Scalars['Int']['input']>;
  id: Scalars['ID']['input'];
};

/** What a learner's questions to the model came to on one day. */
export type TutorUsage = {
  readonly __typename?: 'TutorUsage';
  /** Calls of the model. */
  readonly calls: Scalars['Int']['output'];
  /** How many calls a day may have; null for no limit. */
  readonly callsLimit?: Maybe<Scalars['Int']['output']>;
  /** The day. */
  readonly date: Scalars['Date']['output'];
  /** Replies that were remembered and cost nothing. */
  readonly recalled: Scalars['Int']['output'];
  /** Tokens sent to the model that it had cached. */
  readonly tokensCached: Scalars['Int']['output'];
  /** Tokens sent to the model, those that it had cached included. */
  readonly tokensIn: Scalars['Int']['output'];
  /** Tokens that the model wrote. */
  readonly tokensOut: Scalars['Int']['output'];
  /** What those would have cost, in USD; null when the price of one of them is not known. */
  readonly usdSaved?: Maybe<Scalars['Float']['output']>;
  /** What the calls cost, in USD; null when the price of one of them is not known. */
  readonly usdSpent?: Maybe<Scalars['Float']['output']>;
};

/** Changes to a learner's profile; what is left out stays as it is. */
export type UpdateUserInput = {
  /** How the learner is called, 1 to 64 characters. */
  readonly firstName?: InputMaybe<Scalars['String']['input']>;
  /** The learner's id. */
  readonly id: Scalars['ID']['input'];
  /** How well the learner commands Czech. */
  readonly level?: InputMaybe<Level>;
  /** An ISO 639-1 code. */
  readonly nativeLanguage?: InputMaybe<Scalars['String']['input']>;
  /** The learner's Telegram user name; null removes it. */
  readonly username?: InputMaybe<Scalars['String']['input']>;
};

/** The learner after the change. */
export type UpdateUserPayload = {
  readonly __typename?: 'UpdateUserPayload';
  /** The learner. */
  readonly user: User;
};

/** Changes to a learner's settings; what is left out stays as it is. */
export type UpdateUserSettingsInput = {
  /** Who answers. */
  readonly character?: InputMaybe<Character>;
  /** The tone of the conversation. */
  readonly conversationStyle?: InputMaybe<ConversationStyle>;
  /** How much of a text is corrected. */
  readonly correctionsLevel?: InputMaybe<CorrectionsLevel>;
  /** Whether the learner wants reminders. */
  readonly notificationsEnabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** An IANA time zone. Days already practised keep their dates. */
  readonly timezone?: InputMaybe<Scalars['String']['input']>;
  /** The learner's id. */
  readonly userId: Scalars['ID']['input'];
  /** How fast the tutor speaks. */
  readonly voiceSpeed?: InputMaybe<VoiceSpeed>;
};

/** The settings after the change. */
export type UpdateUserSettingsPayload = {
  readonly __typename?: 'UpdateUserSettingsPayload';
  /** The settings. */
  readonly settings: UserSettings;
  /** The learner they belong to. */
  readonly user: User;
};

/** Changes to a webhook; what is left out stays as it is. */
export type UpdateWebhookInput = {
  /** Whether it is switched on. Switched off, it is told nothing, later neither. */
  readonly enabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** What it is told of. */
  readonly events?: InputMaybe<ReadonlyArray<WebhookEvent>>;
  /** The webhook's id. */
  readonly id: Scalars['ID']['input'];
  /** What it is signed with; for 24 hours more the secret before is signed with as well. */
  readonly secret?: InputMaybe<Scalars['String']['input']>;
  /** Where it is told, from the next attempt on. */
  readonly url?: InputMaybe<Scalars['String']['input']>;
};

/** The webhook after the change. */
export type UpdateWebhookPayload = {
  readonly __typename?: 'UpdateWebhookPayload';
  /** The webhook. */
  readonly webhook: Webhook;
};

/** A learner of Czech. */
export type User = {
  readonly __typename?: 'User';
  /** When the learner was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** One day of practice; zeros when there was none. Today in the learner's time zone when `date` is left out. */
  readonly dailyStats: DailyStats;
  /** How the learner is called. */
  readonly firstName: Scalars['String']['output'];
  /** The learner's id. */
  readonly id: Scalars['ID']['output'];
  /** How well the learner commands Czech. */
  readonly level: Level;
  /** The conversation, newest first. */
  readonly messages: MessageConnection;
  /** The learner's first language, an ISO 639-1 code such as `en`. */
  readonly nativeLanguage: Scalars['String']['output'];
  /** How the learner wants to be taught. Made together with the learner. */
  readonly settings: UserSettings;
  /** The learner's stars. */
  readonly stars: Stars;
  /** The last days of practice, one row a day without gaps, oldest first, today last. */
  readonly statsRange: ReadonlyArray<DailyStats>;
  /** All of the learner's practice in a few numbers. */
  readonly statsSummary: StatsSummary;
  /** The learner's Telegram id, unique. */
  readonly telegramId: Scalars['BigInt']['output'];
  /** What the learner's questions to the model came to on one day. Today in the learner's time zone when `date` is left out. For staff: it tells what was remembered. */
  readonly tutorUsage: TutorUsage;
  /** When the profile last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
  /** The learner's Telegram user name, without the `@`. */
  readonly username?: Maybe<Scalars['String']['output']>;
};


/** A learner of Czech. */
export type UserDailyStatsArgs = {
  date?: InputMaybe<Scalars['Date']['input']>;
};


/** A learner of Czech. */
export type UserMessagesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** A learner of Czech. */
export type UserStatsRangeArgs = {
  days?: Scalars['Int']['input'];
};


/** A learner of Czech. */
export type UserTutorUsageArgs = {
  date?: InputMaybe<Scalars['Date']['input']>;
};

/** A page of learners. */
export type UserConnection = {
  readonly __typename?: 'UserConnection';
  /** The learners with their cursors. */
  readonly edges: ReadonlyArray<UserEdge>;
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
};

/** A learner and their place in the list. */
export type UserEdge = {
  readonly __typename?: 'UserEdge';
  /** The learner's place, to be given as `after`. */
  readonly cursor: Scalars['String']['output'];
  /** The learner. */
  readonly node: User;
};

/** How a learner wants to be taught. */
export type UserSettings = {
  readonly __typename?: 'UserSettings';
  /** Who answers. */
  readonly character: Character;
  /** The tone of the conversation. */
  readonly conversationStyle: ConversationStyle;
  /** How much of a text is corrected. */
  readonly correctionsLevel: CorrectionsLevel;
  /** Whether the learner wants reminders. */
  readonly notificationsEnabled: Scalars['Boolean']['output'];
  /** The IANA time zone that the learner's days are counted in, such as `Europe/Prague`. */
  readonly timezone: Scalars['String']['output'];
  /** How fast the tutor speaks. */
  readonly voiceSpeed: VoiceSpeed;
};

/** A new learner's settings; what is left out gets its default. */
export type UserSettingsInput = {
  /** Who answers; `HONZIK` when left out. */
  readonly character?: InputMaybe<Character>;
  /** The tone of the conversation; `FRIENDLY` when left out. */
  readonly conversationStyle?: InputMaybe<ConversationStyle>;
  /** How much of a text is corrected; `BALANCED` when left out. */
  readonly correctionsLevel?: InputMaybe<CorrectionsLevel>;
  /** Whether the learner wants reminders; true when left out. */
  readonly notificationsEnabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** An IANA time zone; `Europe/Prague` when left out. */
  readonly timezone?: InputMaybe<Scalars['String']['input']>;
  /** How fast the tutor speaks; `NORMAL` when left out. */
  readonly voiceSpeed?: InputMaybe<VoiceSpeed>;
};

/** How fast the tutor's voice speaks, as a factor of the natural speed. */
export type VoiceSpeed =
  /** 1.2 of the natural speed, as native speakers talk among themselves. */
  | 'NATIVE'
  /** The natural speed, 1.0. */
  | 'NORMAL'
  /** 0.8 of the natural speed. */
  | 'SLOW'
  /** 0.6 of the natural speed. */
  | 'VERY_SLOW';

/** A receiver of events, by the rules of Standard Webhooks. For staff. */
export type Webhook = {
  readonly __typename?: 'Webhook';
  /** When it was registered. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** What it was told, newest first; kept for 30 days. */
  readonly deliveries: WebhookDeliveryConnection;
  /** Why it is switched off; null while it is on. */
  readonly disabledReason?: Maybe<WebhookDisabledReason>;
  /** Whether it is switched on. */
  readonly enabled: Scalars['Boolean']['output'];
  /** What it is told of. */
  readonly events: ReadonlyArray<WebhookEvent>;
  /** The webhook's id. */
  readonly id: Scalars['ID']['output'];
  /** Where it is told. */
  readonly url: Scalars['String']['output'];
};


/** A receiver of events, by the rules of Standard Webhooks. For staff. */
export type WebhookDeliveriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** A page of webhooks. */
export type WebhookConnection = {
  readonly __typename?: 'WebhookConnection';
  /** The webhooks with their cursors. */
  readonly edges: ReadonlyArray<WebhookEdge>;
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
};

/** One event for one webhook. */
export type WebhookDelivery = {
  readonly __typename?: 'WebhookDelivery';
  /** How often it was tried. */
  readonly attempts: Scalars['Int']['output'];
  /** When it happened. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When it was accepted. */
  readonly deliveredAt?: Maybe<Scalars['DateTime']['output']>;
  /** What happened. */
  readonly event: WebhookEvent;
  /** The delivery's id, which its receiver sees as `webhook-id`, the same in each attempt. */
  readonly id: Scalars['ID']['output'];
  /** When it was last tried. */
  readonly lastAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** Why the last attempt was not accepted; null when it was. */
  readonly lastError?: Maybe<WebhookDeliveryError>;
  /** The HTTP status of the last answer; null when there was none. */
  readonly lastStatus?: Maybe<Scalars['Int']['output']>;
  /** When it is tried next; null when it is not. */
  readonly nextAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** The JSON that is signed and sent. */
  readonly payload: Scalars['String']['output'];
  /** How far it is. */
  readonly status: WebhookDeliveryStatus;
};

/** A page of deliveries. */
export type WebhookDeliveryConnection = {
  readonly __typename?: 'WebhookDeliveryConnection';
  /** The deliveries with their cursors. */
  readonly edges: ReadonlyArray<WebhookDeliveryEdge>;
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
};

/** A delivery and its place in the list. */
export type WebhookDeliveryEdge = {
  readonly __typename?: 'WebhookDeliveryEdge';
  /** The delivery's place, to be given as `after`. */
  readonly cursor: Scalars['String']['output'];
  /** The delivery. */
  readonly node: WebhookDelivery;
};

/** Why an attempt was not accepted. */
export type WebhookDeliveryError =
  /** The URL leads to no address that may be called. */
  | 'ADDRESS'
  /** Nobody listens there. */
  | 'CONNECTION'
  /** The host's name has no address. */
  | 'DNS'
  /** A fault of ours. */
  | 'INTERNAL_SERVER_ERROR'
  /** The receiver has answered with another status than 2xx; redirects are not followed. */
  | 'REFUSED'
  /** What came back is not HTTP, or broke off. */
  | 'RESPONSE'
  /** The secret was sealed under another `AUTH_SECRET`; give the webhook a new one. */
  | 'SECRET_UNREADABLE'
  /** It took longer than ten seconds. */
  | 'TIMEOUT'
  /** The connection could not be made safe, or the certificate is not the host's. */
  | 'TLS'
  /** No process that tried has lived to see what came of it. */
  | 'WORKER_LOST';

/** How far a delivery is. */
export type WebhookDeliveryStatus =
  /** Its webhook was switched off first. */
  | 'CANCELLED'
  /** The receiver has accepted it. */
  | 'DELIVERED'
  /** It was given up: after a day, or since the receiver is gone. */
  | 'FAILED'
  /** It waits for its next attempt, or is under way. */
  | 'PENDING';

/** Why a webhook is switched off. */
export type WebhookDisabledReason =
  /** Five deliveries in a row were given up, each after a day. */
  | 'FAILING'
  /** The receiver has answered with 410 Gone. */
  | 'GONE'
  /** Somebody of the staff wanted it. */
  | 'REQUESTED';

/** A webhook and its place in the list. */
export type WebhookEdge = {
  readonly __typename?: 'WebhookEdge';
  /** The webhook's place, to be given as `after`. */
  readonly cursor: Scalars['String']['output'];
  /** The webhook. */
  readonly node: Webhook;
};

/** What a webhook may be told of. */
export type WebhookEvent =
  /** A job has failed; `retryJob` may have it go on. */
  | 'JOB_FAILED'
  /** A job has succeeded. */
  | 'JOB_SUCCEEDED'
  /** It is evening where a learner lives, and their streak ends tonight unless they practise. */
  | 'STREAK_REMINDER';

export type WithIndex<TObject> = TObject & Record<string, any>;
export type ResolversObject<TObject> = WithIndex<TObject>;

export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = ResolversObject<{
  AiHealth: ResolverTypeWrapper<AiHealth>;
  BigInt: ResolverTypeWrapper<Scalars['BigInt']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CacheControlScope: CacheControlScope;
  CacheEntry: ResolverTypeWrapper<CacheEntryModel>;
  CachePolicyStats: ResolverTypeWrapper<CachePolicyStats>;
  CacheStats: ResolverTypeWrapper<CacheStats>;
  CacheStatsWindow: ResolverTypeWrapper<CacheStatsWindow>;
  CachedCopy: ResolverTypeWrapper<CachedCopyModel>;
  Character: Character;
  ComponentHealth: ResolverTypeWrapper<ComponentHealth>;
  ComponentStatus: ComponentStatus;
  ConversationStyle: ConversationStyle;
  CorrectionsLevel: CorrectionsLevel;
  CreateUserInput: CreateUserInput;
  CreateUserPayload: ResolverTypeWrapper<Omit<CreateUserPayload, 'user'> & { user: ResolversTypes['User'] }>;
  DailyStats: ResolverTypeWrapper<DailyStats>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeleteUserInput: DeleteUserInput;
  DeleteUserPayload: ResolverTypeWrapper<DeleteUserPayload>;
  DeleteWebhookInput: DeleteWebhookInput;
  DeleteWebhookPayload: ResolverTypeWrapper<DeleteWebhookPayload>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Health: ResolverTypeWrapper<Health>;
  HealthStatus: HealthStatus;
  HonzikReply: ResolverTypeWrapper<HonzikReply>;
  HonzikReplyInput: HonzikReplyInput;
  HonzikReplyPart: ResolverTypeWrapper<HonzikReplyPart>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Job: ResolverTypeWrapper<JobModel>;
  JobError: ResolverTypeWrapper<JobError>;
  JobErrorCode: JobErrorCode;
  JobInput: JobInput;
  JobKind: JobKind;
  JobStage: JobStage;
  JobStatus: JobStatus;
  JobsHealth: ResolverTypeWrapper<JobsHealth>;
  Level: Level;
  Message: ResolverTypeWrapper<MessageModel>;
  MessageConnection: ResolverTypeWrapper<Omit<MessageConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['MessageEdge']> }>;
  MessageEdge: ResolverTypeWrapper<Omit<MessageEdge, 'node'> & { node: ResolversTypes['Message'] }>;
  MessageRole: MessageRole;
  Mistake: ResolverTypeWrapper<Mistake>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  NewWord: ResolverTypeWrapper<NewWord>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PurgeCacheInput: PurgeCacheInput;
  PurgeCachePayload: ResolverTypeWrapper<PurgeCachePayload>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RecordActivityInput: RecordActivityInput;
  RecordActivityPayload: ResolverTypeWrapper<RecordActivityPayload>;
  RedeliverWebhookInput: RedeliverWebhookInput;
  RedeliverWebhookPayload: ResolverTypeWrapper<Omit<RedeliverWebhookPayload, 'delivery'> & { delivery: ResolversTypes['WebhookDelivery'] }>;
  RegisterWebhookInput: RegisterWebhookInput;
  RegisterWebhookPayload: ResolverTypeWrapper<Omit<RegisterWebhookPayload, 'webhook'> & { webhook: ResolversTypes['Webhook'] }>;
  ReplyCache: ResolverTypeWrapper<ReplyCache>;
  ReplyCacheStatus: ReplyCacheStatus;
  ReplyEngine: ReplyEngine;
  RetryMessageInput: RetryMessageInput;
  SendMessageInput: SendMessageInput;
  SendMessagePayload: ResolverTypeWrapper<Omit<SendMessagePayload, 'assistantMessage' | 'job' | 'userMessage'> & { assistantMessage?: Maybe<ResolversTypes['Message']>, job?: Maybe<ResolversTypes['Job']>, userMessage: ResolversTypes['Message'] }>;
  SendMode: SendMode;
  SendVoiceMessageInput: SendVoiceMessageInput;
  SignInWithTelegramInput: SignInWithTelegramInput;
  SignInWithTelegramPayload: ResolverTypeWrapper<Omit<SignInWithTelegramPayload, 'user'> & { user: ResolversTypes['User'] }>;
  Speech: ResolverTypeWrapper<Speech>;
  Stars: ResolverTypeWrapper<Stars>;
  StatsSummary: ResolverTypeWrapper<StatsSummary>;
  StatsWindow: StatsWindow;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TutorUsage: ResolverTypeWrapper<UsageModel>;
  UpdateUserInput: UpdateUserInput;
  UpdateUserPayload: ResolverTypeWrapper<Omit<UpdateUserPayload, 'user'> & { user: ResolversTypes['User'] }>;
  UpdateUserSettingsInput: UpdateUserSettingsInput;
  UpdateUserSettingsPayload: ResolverTypeWrapper<Omit<UpdateUserSettingsPayload, 'user'> & { user: ResolversTypes['User'] }>;
  UpdateWebhookInput: UpdateWebhookInput;
  UpdateWebhookPayload: ResolverTypeWrapper<Omit<UpdateWebhookPayload, 'webhook'> & { webhook: ResolversTypes['Webhook'] }>;
  Upload: ResolverTypeWrapper<Scalars['Upload']['output']>;
  User: ResolverTypeWrapper<UserModel>;
  UserConnection: ResolverTypeWrapper<Omit<UserConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['UserEdge']> }>;
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
  UserSettings: ResolverTypeWrapper<UserSettings>;
  UserSettingsInput: UserSettingsInput;
  VoiceSpeed: VoiceSpeed;
  Webhook: ResolverTypeWrapper<WebhookModel>;
  WebhookConnection: ResolverTypeWrapper<Omit<WebhookConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['WebhookEdge']> }>;
  WebhookDelivery: ResolverTypeWrapper<DeliveryModel>;
  WebhookDeliveryConnection: ResolverTypeWrapper<Omit<WebhookDeliveryConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['WebhookDeliveryEdge']> }>;
  WebhookDeliveryEdge: ResolverTypeWrapper<Omit<WebhookDeliveryEdge, 'node'> & { node: ResolversTypes['WebhookDelivery'] }>;
  WebhookDeliveryError: WebhookDeliveryError;
  WebhookDeliveryStatus: WebhookDeliveryStatus;
  WebhookDisabledReason: WebhookDisabledReason;
  WebhookEdge: ResolverTypeWrapper<Omit<WebhookEdge, 'node'> & { node: ResolversTypes['Webhook'] }>;
  WebhookEvent: WebhookEvent;
}>;

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = ResolversObject<{
  AiHealth: AiHealth;
  BigInt: Scalars['BigInt']['output'];
  Boolean: Scalars['Boolean']['output'];
  CacheEntry: CacheEntryModel;
  CachePolicyStats: CachePolicyStats;
  CacheStats: CacheStats;
  CacheStatsWindow: CacheStatsWindow;
  CachedCopy: CachedCopyModel;
  ComponentHealth: ComponentHealth;
  CreateUserInput: CreateUserInput;
  CreateUserPayload: Omit<CreateUserPayload, 'user'> & { user: ResolversParentTypes['User'] };
  DailyStats: DailyStats;
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  DeleteUserInput: DeleteUserInput;
  DeleteUserPayload: DeleteUserPayload;
  DeleteWebhookInput: DeleteWebhookInput;
  DeleteWebhookPayload: DeleteWebhookPayload;
  Float: Scalars['Float']['output'];
  Health: Health;
  HonzikReply: HonzikReply;
  HonzikReplyInput: HonzikReplyInput;
  HonzikReplyPart: HonzikReplyPart;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  Job: JobModel;
  JobError: JobError;
  JobInput: JobInput;
  JobsHealth: JobsHealth;
  Message: MessageModel;
  MessageConnection: Omit<MessageConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['MessageEdge']> };
  MessageEdge: Omit<MessageEdge, 'node'> & { node: ResolversParentTypes['Message'] };
  Mistake: Mistake;
  Mutation: Record<PropertyKey, never>;
  NewWord: NewWord;
  PageInfo: PageInfo;
  PurgeCacheInput: PurgeCacheInput;
  PurgeCachePayload: PurgeCachePayload;
  Query: Record<PropertyKey, never>;
  RecordActivityInput: RecordActivityInput;
  RecordActivityPayload: RecordActivityPayload;
  RedeliverWebhookInput: RedeliverWebhookInput;
  RedeliverWebhookPayload: Omit<RedeliverWebhookPayload, 'delivery'> & { delivery: ResolversParentTypes['WebhookDelivery'] };
  RegisterWebhookInput: RegisterWebhookInput;
  RegisterWebhookPayload: Omit<RegisterWebhookPayload, 'webhook'> & { webhook: ResolversParentTypes['Webhook'] };
  ReplyCache: ReplyCache;
  RetryMessageInput: RetryMessageInput;
  SendMessageInput: SendMessageInput;
  SendMessagePayload: Omit<SendMessagePayload, 'assistantMessage' | 'job' | 'userMessage'> & { assistantMessage?: Maybe<ResolversParentTypes['Message']>, job?: Maybe<ResolversParentTypes['Job']>, userMessage: ResolversParentTypes['Message'] };
  SendVoiceMessageInput: SendVoiceMessageInput;
  SignInWithTelegramInput: SignInWithTelegramInput;
  SignInWithTelegramPayload: Omit<SignInWithTelegramPayload, 'user'> & { user: ResolversParentTypes['User'] };
  Speech: Speech;
  Stars: Stars;
  StatsSummary: StatsSummary;
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  TutorUsage: UsageModel;
  UpdateUserInput: UpdateUserInput;
  UpdateUserPayload: Omit<UpdateUserPayload, 'user'> & { user: ResolversParentTypes['User'] };
  UpdateUserSettingsInput: UpdateUserSettingsInput;
  UpdateUserSettingsPayload: Omit<UpdateUserSettingsPayload, 'user'> & { user: ResolversParentTypes['User'] };
  UpdateWebhookInput: UpdateWebhookInput;
  UpdateWebhookPayload: Omit<UpdateWebhookPayload, 'webhook'> & { webhook: ResolversParentTypes['Webhook'] };
  Upload: Scalars['Upload']['output'];
  User: UserModel;
  UserConnection: Omit<UserConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['UserEdge']> };
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
  UserSettings: UserSettings;
  UserSettingsInput: UserSettingsInput;
  Webhook: WebhookModel;
  WebhookConnection: Omit<WebhookConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['WebhookEdge']> };
  WebhookDelivery: DeliveryModel;
  WebhookDeliveryConnection: Omit<WebhookDeliveryConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['WebhookDeliveryEdge']> };
  WebhookDeliveryEdge: Omit<WebhookDeliveryEdge, 'node'> & { node: ResolversParentTypes['WebhookDelivery'] };
  WebhookEdge: Omit<WebhookEdge, 'node'> & { node: ResolversParentTypes['Webhook'] };
}>;

export type CacheControlDirectiveArgs = {
  maxAge?: Maybe<Scalars['Int']['input']>;
  scope?: Maybe<CacheControlScope>;
  staleWhileRevalidate?: Maybe<Scalars['Int']['input']>;
};

export type CacheControlDirectiveResolver<Result, Parent, ContextType = GraphQLContext, Args = CacheControlDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AiHealthResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AiHealth'] = ResolversParentTypes['AiHealth']> = ResolversObject<{
  status?: Resolver<ResolversTypes['ComponentStatus'], ParentType, ContextType>;
}>;

export interface BigIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['BigInt'], any> {
  name: 'BigInt';
}

export type CacheEntryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CacheEntry'] = ResolversParentTypes['CacheEntry']> = ResolversObject<{
  database?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  isFresh?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  memory?: Resolver<Maybe<ResolversTypes['CachedCopy']>, ParentType, ContextType>;
  policy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  responses?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  shared?: Resolver<Maybe<ResolversTypes['CachedCopy']>, ParentType, ContextType>;
  tag?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type CachePolicyStatsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CachePolicyStats'] = ResolversParentTypes['CachePolicyStats']> = ResolversObject<{
  ageSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  bytes?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  coalesced?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  entries?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  hitRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  hits?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  invalidations?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  misses?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  policy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeSavedMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
}>;

export type CacheStatsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CacheStats'] = ResolversParentTypes['CacheStats']> = ResolversObject<{
  windows?: Resolver<ReadonlyArray<ResolversTypes['CacheStatsWindow']>, ParentType, ContextType>;
}>;

export type CacheStatsWindowResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CacheStatsWindow'] = ResolversParentTypes['CacheStatsWindow']> = ResolversObject<{
  policies?: Resolver<ReadonlyArray<ResolversTypes['CachePolicyStats']>, ParentType, ContextType>;
  usdSaved?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  usdSpent?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  window?: Resolver<ResolversTypes['StatsWindow'], ParentType, ContextType>;
}>;

export type CachedCopyResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CachedCopy'] = ResolversParentTypes['CachedCopy']> = ResolversObject<{
  bytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  loadedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type ComponentHealthResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ComponentHealth'] = ResolversParentTypes['ComponentHealth']> = ResolversObject<{
  latencyMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ComponentStatus'], ParentType, ContextType>;
}>;

export type CreateUserPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CreateUserPayload'] = ResolversParentTypes['CreateUserPayload']> = ResolversObject<{
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
}>;

export type DailyStatsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['DailyStats'] = ResolversParentTypes['DailyStats']> = ResolversObject<{
  correctPercent?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  date?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  messagesCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  streakDay?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  wordsSaid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
}>;

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeleteUserPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['DeleteUserPayload'] = ResolversParentTypes['DeleteUserPayload']> = ResolversObject<{
  deletedId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
}>;

export type DeleteWebhookPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['DeleteWebhookPayload'] = ResolversParentTypes['DeleteWebhookPayload']> = ResolversObject<{
  deletedId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
}>;

export type HealthResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Health'] = ResolversParentTypes['Health']> = ResolversObject<{
  ai?: Resolver<ResolversTypes['AiHealth'], ParentType, ContextType>;
  database?: Resolver<ResolversTypes['ComponentHealth'], ParentType, ContextType>;
  jobs?: Resolver<ResolversTypes['JobsHealth'], ParentType, ContextType>;
  redis?: Resolver<ResolversTypes['ComponentHealth'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
  uptimeSeconds?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type HonzikReplyResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['HonzikReply'] = ResolversParentTypes['HonzikReply']> = ResolversObject<{
  cache?: Resolver<ResolversTypes['ReplyCache'], ParentType, ContextType>;
  correctedText?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  correctnessScore?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  engine?: Resolver<ResolversTypes['ReplyEngine'], ParentType, ContextType>;
  mistakes?: Resolver<ReadonlyArray<ResolversTypes['Mistake']>, ParentType, ContextType>;
  model?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  newWords?: Resolver<ReadonlyArray<ResolversTypes['NewWord']>, ParentType, ContextType>;
  reply?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  suggestion?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type HonzikReplyPartResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['HonzikReplyPart'] = ResolversParentTypes['HonzikReplyPart']> = ResolversObject<{
  reply?: Resolver<Maybe<ResolversTypes['HonzikReply']>, ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
}>;

export type JobResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Job'] = ResolversParentTypes['Job']> = ResolversObject<{
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['JobError']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['JobKind'], ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  result?: Resolver<Maybe<ResolversTypes['SendMessagePayload']>, ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  speech?: Resolver<Maybe<ResolversTypes['Speech']>, ParentType, ContextType>;
  stage?: Resolver<Maybe<ResolversTypes['JobStage']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['JobStatus'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  userMessage?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
}>;

export type JobErrorResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['JobError'] = ResolversParentTypes['JobError']> = ResolversObject<{
  code?: Resolver<ResolversTypes['JobErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  stage?: Resolver<ResolversTypes['JobStage'], ParentType, ContextType>;
}>;

export type JobsHealthResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['JobsHealth'] = ResolversParentTypes['JobsHealth']> = ResolversObject<{
  oldestAgeSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ComponentStatus'], ParentType, ContextType>;
  waiting?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
}>;

export type MessageResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Message'] = ResolversParentTypes['Message']> = ResolversObject<{
  answered?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  correctedText?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  correctnessScore?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  mistakes?: Resolver<ReadonlyArray<ResolversTypes['Mistake']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['MessageRole'], ParentType, ContextType>;
  speech?: Resolver<Maybe<ResolversTypes['Speech']>, ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  wordsCorrect?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  wordsTotal?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
}>;

export type MessageConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['MessageConnection'] = ResolversParentTypes['MessageConnection']> = ResolversObject<{
  edges?: Resolver<ReadonlyArray<ResolversTypes['MessageEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
}>;

export type MessageEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['MessageEdge'] = ResolversParentTypes['MessageEdge']> = ResolversObject<{
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Message'], ParentType, ContextType>;
}>;

export type MistakeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mistake'] = ResolversParentTypes['Mistake']> = ResolversObject<{
  corrected?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  explanation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  original?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = ResolversObject<{
  cancelJob?: Resolver<Maybe<ResolversTypes['Job']>, ParentType, ContextType, RequireFields<MutationCancelJobArgs, 'input'>>;
  createUser?: Resolver<Maybe<ResolversTypes['CreateUserPayload']>, ParentType, ContextType, RequireFields<MutationCreateUserArgs, 'input'>>;
  deleteUser?: Resolver<Maybe<ResolversTypes['DeleteUserPayload']>, ParentType, ContextType, RequireFields<MutationDeleteUserArgs, 'input'>>;
  deleteWebhook?: Resolver<Maybe<ResolversTypes['DeleteWebhookPayload']>, ParentType, ContextType, RequireFields<MutationDeleteWebhookArgs, 'input'>>;
  purgeCache?: Resolver<Maybe<ResolversTypes['PurgeCachePayload']>, ParentType, ContextType, RequireFields<MutationPurgeCacheArgs, 'input'>>;
  recordActivity?: Resolver<Maybe<ResolversTypes['RecordActivityPayload']>, ParentType, ContextType, RequireFields<MutationRecordActivityArgs, 'input'>>;
  redeliverWebhook?: Resolver<Maybe<ResolversTypes['RedeliverWebhookPayload']>, ParentType, ContextType, RequireFields<MutationRedeliverWebhookArgs, 'input'>>;
  registerWebhook?: Resolver<Maybe<ResolversTypes['RegisterWebhookPayload']>, ParentType, ContextType, RequireFields<MutationRegisterWebhookArgs, 'input'>>;
  retryJob?: Resolver<Maybe<ResolversTypes['Job']>, ParentType, ContextType, RequireFields<MutationRetryJobArgs, 'input'>>;
  retryMessage?: Resolver<Maybe<ResolversTypes['SendMessagePayload']>, ParentType, ContextType, RequireFields<MutationRetryMessageArgs, 'input'>>;
  sendMessage?: Resolver<Maybe<ResolversTypes['SendMessagePayload']>, ParentType, ContextType, RequireFields<MutationSendMessageArgs, 'input'>>;
  sendVoiceMessage?: Resolver<Maybe<ResolversTypes['Job']>, ParentType, ContextType, RequireFields<MutationSendVoiceMessageArgs, 'input'>>;
  signInWithTelegram?: Resolver<Maybe<ResolversTypes['SignInWithTelegramPayload']>, ParentType, ContextType, RequireFields<MutationSignInWithTelegramArgs, 'input'>>;
  updateUser?: Resolver<Maybe<ResolversTypes['UpdateUserPayload']>, ParentType, ContextType, RequireFields<MutationUpdateUserArgs, 'input'>>;
  updateUserSettings?: Resolver<Maybe<ResolversTypes['UpdateUserSettingsPayload']>, ParentType, ContextType, RequireFields<MutationUpdateUserSettingsArgs, 'input'>>;
  updateWebhook?: Resolver<Maybe<ResolversTypes['UpdateWebhookPayload']>, ParentType, ContextType, RequireFields<MutationUpdateWebhookArgs, 'input'>>;
}>;

export type NewWordResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['NewWord'] = ResolversParentTypes['NewWord']> = ResolversObject<{
  czech?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  example?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  translation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type PageInfoResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = ResolversObject<{
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
}>;

export type PurgeCachePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PurgeCachePayload'] = ResolversParentTypes['PurgeCachePayload']> = ResolversObject<{
  purgedTags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
}>;

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = ResolversObject<{
  cacheEntries?: Resolver<Maybe<ReadonlyArray<ResolversTypes['CacheEntry']>>, ParentType, ContextType, RequireFields<QueryCacheEntriesArgs, 'tags'>>;
  cacheStats?: Resolver<Maybe<ResolversTypes['CacheStats']>, ParentType, ContextType>;
  health?: Resolver<ResolversTypes['Health'], ParentType, ContextType>;
  honzikReply?: Resolver<Maybe<ResolversTypes['HonzikReply']>, ParentType, ContextType, RequireFields<QueryHonzikReplyArgs, 'input'>>;
  job?: Resolver<Maybe<ResolversTypes['Job']>, ParentType, ContextType, RequireFields<QueryJobArgs, 'id'>>;
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'id'>>;
  userByTelegramId?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserByTelegramIdArgs, 'telegramId'>>;
  users?: Resolver<Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, RequireFields<QueryUsersArgs, 'first'>>;
  webhooks?: Resolver<Maybe<ResolversTypes['WebhookConnection']>, ParentType, ContextType, RequireFields<QueryWebhooksArgs, 'first'>>;
}>;

export type RecordActivityPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RecordActivityPayload'] = ResolversParentTypes['RecordActivityPayload']> = ResolversObject<{
  dailyStats?: Resolver<ResolversTypes['DailyStats'], ParentType, ContextType>;
  stars?: Resolver<ResolversTypes['Stars'], ParentType, ContextType>;
}>;

export type RedeliverWebhookPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RedeliverWebhookPayload'] = ResolversParentTypes['RedeliverWebhookPayload']> = ResolversObject<{
  delivery?: Resolver<ResolversTypes['WebhookDelivery'], ParentType, ContextType>;
}>;

export type RegisterWebhookPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RegisterWebhookPayload'] = ResolversParentTypes['RegisterWebhookPayload']> = ResolversObject<{
  secret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  webhook?: Resolver<ResolversTypes['Webhook'], ParentType, ContextType>;
}>;

export type ReplyCacheResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ReplyCache'] = ResolversParentTypes['ReplyCache']> = ResolversObject<{
  ageSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  key?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ReplyCacheStatus'], ParentType, ContextType>;
}>;

export type SendMessagePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SendMessagePayload'] = ResolversParentTypes['SendMessagePayload']> = ResolversObject<{
  assistantMessage?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  dailyStats?: Resolver<Maybe<ResolversTypes['DailyStats']>, ParentType, ContextType>;
  honzikReply?: Resolver<Maybe<ResolversTypes['HonzikReply']>, ParentType, ContextType>;
  job?: Resolver<Maybe<ResolversTypes['Job']>, ParentType, ContextType>;
  stars?: Resolver<Maybe<ResolversTypes['Stars']>, ParentType, ContextType>;
  starsEarned?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  userMessage?: Resolver<ResolversTypes['Message'], ParentType, ContextType>;
}>;

export type SignInWithTelegramPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SignInWithTelegramPayload'] = ResolversParentTypes['SignInWithTelegramPayload']> = ResolversObject<{
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  token?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
}>;

export type SpeechResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Speech'] = ResolversParentTypes['Speech']> = ResolversObject<{
  bytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  contentType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type StarsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Stars'] = ResolversParentTypes['Stars']> = ResolversObject<{
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lifetime?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
}>;

export type StatsSummaryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StatsSummary'] = ResolversParentTypes['StatsSummary']> = ResolversObject<{
  averageCorrectness?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  currentStreak?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxStreak?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  totalMessages?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  totalWords?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
}>;

export type SubscriptionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = ResolversObject<{
  honzikReply?: SubscriptionResolver<ResolversTypes['HonzikReplyPart'], "honzikReply", ParentType, ContextType, RequireFields<SubscriptionHonzikReplyArgs, 'input'>>;
  jobUpdated?: SubscriptionResolver<ResolversTypes['Job'], "jobUpdated", ParentType, ContextType, RequireFields<SubscriptionJobUpdatedArgs, 'id'>>;
}>;

export type TutorUsageResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['TutorUsage'] = ResolversParentTypes['TutorUsage']> = ResolversObject<{
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  callsLimit?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  date?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  recalled?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  tokensCached?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  tokensIn?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  tokensOut?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  usdSaved?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  usdSpent?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
}>;

export type UpdateUserPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UpdateUserPayload'] = ResolversParentTypes['UpdateUserPayload']> = ResolversObject<{
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
}>;

export type UpdateUserSettingsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UpdateUserSettingsPayload'] = ResolversParentTypes['UpdateUserSettingsPayload']> = ResolversObject<{
  settings?: Resolver<ResolversTypes['UserSettings'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
}>;

export type UpdateWebhookPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UpdateWebhookPayload'] = ResolversParentTypes['UpdateWebhookPayload']> = ResolversObject<{
  webhook?: Resolver<ResolversTypes['Webhook'], ParentType, ContextType>;
}>;

export interface UploadScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Upload'], any> {
  name: 'Upload';
}

export type UserResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = ResolversObject<{
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dailyStats?: Resolver<ResolversTypes['DailyStats'], ParentType, ContextType, Partial<UserDailyStatsArgs>>;
  firstName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['Level'], ParentType, ContextType>;
  messages?: Resolver<ResolversTypes['MessageConnection'], ParentType, ContextType, RequireFields<UserMessagesArgs, 'first'>>;
  nativeLanguage?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  settings?: Resolver<ResolversTypes['UserSettings'], ParentType, ContextType>;
  stars?: Resolver<ResolversTypes['Stars'], ParentType, ContextType>;
  statsRange?: Resolver<ReadonlyArray<ResolversTypes['DailyStats']>, ParentType, ContextType, RequireFields<UserStatsRangeArgs, 'days'>>;
  statsSummary?: Resolver<ResolversTypes['StatsSummary'], ParentType, ContextType>;
  telegramId?: Resolver<ResolversTypes['BigInt'], ParentType, ContextType>;
  tutorUsage?: Resolver<ResolversTypes['TutorUsage'], ParentType, ContextType, Partial<UserTutorUsageArgs>>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  username?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
}>;

export type UserConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = ResolversObject<{
  edges?: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
}>;

export type UserEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = ResolversObject<{
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
}>;

export type UserSettingsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserSettings'] = ResolversParentTypes['UserSettings']> = ResolversObject<{
  character?: Resolver<ResolversTypes['Character'], ParentType, ContextType>;
  conversationStyle?: Resolver<ResolversTypes['ConversationStyle'], ParentType, ContextType>;
  correctionsLevel?: Resolver<ResolversTypes['CorrectionsLevel'], ParentType, ContextType>;
  notificationsEnabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  timezone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  voiceSpeed?: Resolver<ResolversTypes['VoiceSpeed'], ParentType, ContextType>;
}>;

export type WebhookResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Webhook'] = ResolversParentTypes['Webhook']> = ResolversObject<{
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deliveries?: Resolver<ResolversTypes['WebhookDeliveryConnection'], ParentType, ContextType, RequireFields<WebhookDeliveriesArgs, 'first'>>;
  disabledReason?: Resolver<Maybe<ResolversTypes['WebhookDisabledReason']>, ParentType, ContextType>;
  enabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['WebhookEvent']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type WebhookConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['WebhookConnection'] = ResolversParentTypes['WebhookConnection']> = ResolversObject<{
  edges?: Resolver<ReadonlyArray<ResolversTypes['WebhookEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
}>;

export type WebhookDeliveryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['WebhookDelivery'] = ResolversParentTypes['WebhookDelivery']> = ResolversObject<{
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deliveredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  event?: Resolver<ResolversTypes['WebhookEvent'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastError?: Resolver<Maybe<ResolversTypes['WebhookDeliveryError']>, ParentType, ContextType>;
  lastStatus?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  payload?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['WebhookDeliveryStatus'], ParentType, ContextType>;
}>;

export type WebhookDeliveryConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['WebhookDeliveryConnection'] = ResolversParentTypes['WebhookDeliveryConnection']> = ResolversObject<{
  edges?: Resolver<ReadonlyArray<ResolversTypes['WebhookDeliveryEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
}>;

export type WebhookDeliveryEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['WebhookDeliveryEdge'] = ResolversParentTypes['WebhookDeliveryEdge']> = ResolversObject<{
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['WebhookDelivery'], ParentType, ContextType>;
}>;

export type WebhookEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['WebhookEdge'] = ResolversParentTypes['WebhookEdge']> = ResolversObject<{
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Webhook'], ParentType, ContextType>;
}>;

export type Resolvers<ContextType = GraphQLContext> = ResolversObject<{
  AiHealth?: AiHealthResolvers<ContextType>;
  BigInt?: GraphQLScalarType;
  CacheEntry?: CacheEntryResolvers<ContextType>;
  CachePolicyStats?: CachePolicyStatsResolvers<ContextType>;
  CacheStats?: CacheStatsResolvers<ContextType>;
  CacheStatsWindow?: CacheStatsWindowResolvers<ContextType>;
  CachedCopy?: CachedCopyResolvers<ContextType>;
  ComponentHealth?: ComponentHealthResolvers<ContextType>;
  CreateUserPayload?: CreateUserPayloadResolvers<ContextType>;
  DailyStats?: DailyStatsResolvers<ContextType>;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  DeleteUserPayload?: DeleteUserPayloadResolvers<ContextType>;
  DeleteWebhookPayload?: DeleteWebhookPayloadResolvers<ContextType>;
  Health?: HealthResolvers<ContextType>;
  HonzikReply?: HonzikReplyResolvers<ContextType>;
  HonzikReplyPart?: HonzikReplyPartResolvers<ContextType>;
  Job?: JobResolvers<ContextType>;
  JobError?: JobErrorResolvers<ContextType>;
  JobsHealth?: JobsHealthResolvers<ContextType>;
  Message?: MessageResolvers<ContextType>;
  MessageConnection?: MessageConnectionResolvers<ContextType>;
  MessageEdge?: MessageEdgeResolvers<ContextType>;
  Mistake?: MistakeResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  NewWord?: NewWordResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PurgeCachePayload?: PurgeCachePayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RecordActivityPayload?: RecordActivityPayloadResolvers<ContextType>;
  RedeliverWebhookPayload?: RedeliverWebhookPayloadResolvers<ContextType>;
  RegisterWebhookPayload?: RegisterWebhookPayloadResolvers<ContextType>;
  ReplyCache?: ReplyCacheResolvers<ContextType>;
  SendMessagePayload?: SendMessagePayloadResolvers<ContextType>;
  SignInWithTelegramPayload?: SignInWithTelegramPayloadResolvers<ContextType>;
  Speech?: SpeechResolvers<ContextType>;
  Stars?: StarsResolvers<ContextType>;
  StatsSummary?: StatsSummaryResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  TutorUsage?: TutorUsageResolvers<ContextType>;
  UpdateUserPayload?: UpdateUserPayloadResolvers<ContextType>;
  UpdateUserSettingsPayload?: UpdateUserSettingsPayloadResolvers<ContextType>;
  UpdateWebhookPayload?: UpdateWebhookPayloadResolvers<ContextType>;
  Upload?: GraphQLScalarType;
  User?: UserResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
  UserSettings?: UserSettingsResolvers<ContextType>;
  Webhook?: WebhookResolvers<ContextType>;
  WebhookConnection?: WebhookConnectionResolvers<ContextType>;
  WebhookDelivery?: WebhookDeliveryResolvers<ContextType>;
  WebhookDeliveryConnection?: WebhookDeliveryConnectionResolvers<ContextType>;
  WebhookDeliveryEdge?: WebhookDeliveryEdgeResolvers<ContextType>;
  WebhookEdge?: WebhookEdgeResolvers<ContextType>;
}>;

export type DirectiveResolvers<ContextType = GraphQLContext> = ResolversObject<{
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
}>;
