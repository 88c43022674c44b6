import type { View } from '../cache/view.ts'
import {
  addDays,
  type CalendarDate,
  type Clock,
  dayAt,
  millisecondsToMidnight,
  parseCalendarDate,
  type TimeZone,
} from '../domain/calendar.ts'
import { HonzikError, notFound } from '../domain/error.ts'
import { parseTelegramId, parseUserId, type UserId } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import { type MessagePlace, type Page, pageOf, parsePageSize, type UserPlace } from '../domain/page.ts'
import { coversSince, type DailyStats, type StatsSummary, statsRange, statsSummary } from '../domain/practice.ts'
import type { UserSettings } from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import { parseInteger } from '../domain/text.ts'
import { noUsage, type UsageDay } from '../domain/usage.ts'
import type { User } from '../domain/user.ts'
import { requireAccess, requireSignedIn, requireStaff, type SignedIn, type Viewer } from '../domain/viewer.ts'
import type { InspectCache } from './cache-entries.ts'
import { type CacheReads, createCacheReads } from './cache-reads.ts'
import { createJobReads, type JobReads } from './job-reads.ts'
import { type LearnerLesson, type LessonRequest, readLesson } from './lesson-reads.ts'
import { type Loaders, noteList } from './loaders.ts'
import type { Sources } from './sources.ts'
import { createWebhookReads, type WebhookReads } from './webhook-reads.ts'

export interface ReadsDeps {
  /** The request's loaders: others after each of its changes. */
  readonly loaders: () => Loaders
  readonly sources: Pick<Sources, 'listUsers' | 'lists' | 'profile' | 'listWebhooks' | 'deliveries'>
  /** How this request may read caches. */
  readonly view: () => Promise<View>
  readonly viewer: Viewer
  readonly clock: Clock
  readonly inspectCache: InspectCache
}

/** Everything that one request may read, permission included: whoever holds a `User` was allowed to see it. */
export interface Reads extends CacheReads, JobReads, WebhookReads {
  /** @throws UNAUTHENTICATED, also when the token is a learner's who no longer exists */
  signedIn(): Promise<SignedIn>
  me(): Promise<User | null>
  user(id: string): Promise<User>
  userByTelegramId(telegramId: string): Promise<User>
  users(first: number, after: UserPlace | null): Promise<Page<User>>
  /** The learner that something readable belongs to. */
  owner(id: UserId): Promise<User>
  settings(id: UserId): Promise<UserSettings>
  stars(id: UserId): Promise<Stars>
  /** The learner's today when `date` is null. */
  dailyStats(id: UserId, date: string | null): Promise<DailyStats>
  statsRange(id: UserId, days: number): Promise<readonly DailyStats[]>
  statsSummary(id: UserId): Promise<StatsSummary>
  messages(id: UserId, first: number, after: MessagePlace | null): Promise<Page<Message>>
  /** What models cost on one day; the learner's today when `date` is null. For staff. */
  usage(id: UserId, date: string | null): Promise<UsageDay>
  /** What the tutor is to be asked, for a learner whom the viewer may speak for. */
  lesson(request: LessonRequest): Promise<LearnerLesson>
}

const RANGE_MAX_DAYS = 366

export function createReads(deps: ReadsDeps): Reads {
  const lesson = (request: LessonRequest) => readLesson(deps.loaders(), request)
  const users = createUserReads(deps)
  const ofStaff = { ...createWebhookReads(deps, users), ...createCacheReads(deps.inspectCache, users) }
  return { ...users, ...createLearnerReads(deps), ...createJobReads(deps), ...ofStaff, lesson }
}

function createUserReads(deps: ReadsDeps) {
  const { loaders, viewer } = deps
  /** Of a learner's token: the learner must still exist. Staff need not be learners. */
  async function signedIn(): Promise<SignedIn> {
    const known = requireSignedIn(viewer)
    if (known.role === 'user' && (await loaders().user.load(known.id)) === null)
      throw new HonzikError('UNAUTHENTICATED', 'The learner of this token no longer exists.')
    return known
  }

  async function accessible(id: UserId | null): Promise<User> {
    const user = await loaders().user.load(requireAccess(await signedIn(), id))
    if (user === null) throw notFound('learner')
    return user
  }

  return {
    signedIn,
    async me() {
      const { id } = await signedIn()
      return id && loaders().user.load(id)
    },
    user: (id: string) => accessible(parseUserId(id)),
    async userByTelegramId(text: string) {
      const known = await signedIn()
      const telegramId = parseTelegramId(text)
      if (known.role !== 'user') return accessible(await loaders().userIdByTelegramId.load(telegramId))
      const own = await accessible(known.id)
      if (own.telegramId !== telegramId) throw notFound('learner')
      return own
    },
    async users(first: number, after: UserPlace | null) {
      requireStaff(await signedIn())
      const page = await pageOfUsers(deps, first, after)
      // What the list brought needs no lookup below it.
      for (const user of page.items) loaders().user.prime(user.id, user)
      return page
    },
  }
}

/** Lists are not cached. */
async function pageOfUsers({ sources, view }: ReadsDeps, first: number, after: UserPlace | null): Promise<Page<User>> {
  const size = parsePageSize(first)
  const opened = await view()
  if (opened.tally) opened.tally.loads += 1
  noteList(opened, sources.lists.users, null)
  const page = pageOf(await sources.listUsers(after, size + 1), size, after)
  if (opened.footprint?.tags) for (const { id } of page.items) opened.footprint.add(sources.profile.tagOf(id))
  return page
}

function createLearnerReads(deps: ReadsDeps) {
  const { loaders, viewer } = deps
  const settings = async (id: UserId) => present(await loaders().settings.load(id))
  const today = async (id: UserId) => todayIn(deps, (await settings(id)).timezone)

  return {
    owner: async (id: UserId) => present(await loaders().user.load(id)),
    settings,
    stars: async (id: UserId) => present(await loaders().stars.load(id)),
    async dailyStats(id: UserId, date: string | null) {
      const day = date === null ? await today(id) : parseCalendarDate('date', date)
      const [stats] = await daysFrom(deps, id, day, 1)
      return present(stats)
    },
    async statsRange(id: UserId, days: number) {
      const count = parseInteger('days', days, 1, RANGE_MAX_DAYS)
      return daysFrom(deps, id, addDays(await today(id), 1 - count), count)
    },
    statsSummary: async (id: UserId) => statsSummary(present(await loaders().practice.load(id)), await today(id)),
    async usage(id: UserId, date: string | null) {
      // Whether a reply had to be paid for tells whether others have asked the same.
      requireStaff(viewer)
      const day = date === null ? await today(id) : parseCalendarDate('date', date)
      return (await loaders().usage.load({ userId: id, date: day })) ?? noUsage(day)
    },
    async messages(id: UserId, first: number, after: MessagePlace | null) {
      const size = parsePageSize(first)
      return pageOf(await loaders().messages.load({ userId: id, after, limit: size + 1 }), size, after)
    },
  }
}

/**
 * Recent days come from the learner's practice, which caches keep; older ones are read for themselves, and so are all where
 * nothing is kept: fewer days are fewer rows.
 */
async function daysFrom(
  { loaders, view }: ReadsDeps,
  id: UserId,
  from: CalendarDate,
  count: number,
): Promise<readonly DailyStats[]> {
  if (isKeeping(await view())) {
    const practice = present(await loaders().practice.load(id))
    if (coversSince(practice, from)) return statsRange(practice.recentDays, from, count)
  }
  const days = await loaders().practiceDays.load({ userId: id, from, to: addDays(from, count - 1) })
  return statsRange(days, from, count)
}

/** Whether what is read now may be found by somebody else later. */
const isKeeping = ({ mode, mark }: View): boolean => mode !== 'BYPASS' && mark !== null

/** Whoever says what is today says something else from the learner's midnight on. */
async function todayIn({ clock, view }: ReadsDeps, timezone: TimeZone): Promise<CalendarDate> {
  const now = clock()
  const { footprint } = await view()
  footprint?.endBy(now.epochMilliseconds + millisecondsToMidnight(now, timezone))
  return dayAt(now, timezone)
}

/** Settings, stars and practice are made and deleted with their learner: one that is missing was deleted a moment ago. */
function present<Row>(row: Row | null | undefined): Row {
  if (row === null || row === undefined) throw notFound('learner')
  return row
}
