import { toTimestamp } from '../../src/domain/calendar.ts'
import { messageIdFromRow, userIdFromRow } from '../../src/domain/ids.ts'
import { messageCursor, userCursor } from '../../src/graphql/cursors.ts'
import { Choices } from './random-arguments.ts'
import type { OperationOptions } from './random-selections.ts'

export interface Learners {
  readonly ids: readonly number[]
  readonly telegramIds: readonly string[]
  readonly now: Temporal.Instant
}

/** Ids that name nobody; the second half are no ids at all. */
const NOBODY = ['999999999', '9007199254740991', '0', '-1', '01', 'ada', '', ' 1', '1.5', '9007199254740992']

/** Values for the arguments of our schema: mostly of these learners and their last days. */
export function learnerArguments({ ids, telegramIds, now }: Learners): OperationOptions['argument'] {
  const today = now.toZonedDateTimeISO('UTC').toPlainDate()
  const date = (it: Choices) => today.subtract({ days: it.below(40) }).toString()
  const id = (it: Choices) => (it.chance(0.2) ? it.of(NOBODY) : String(it.of(ids)))
  const someone = (it: Choices) => userIdFromRow(it.of(ids) ?? 1)
  const place = (it: Choices) => ({
    createdAt: toTimestamp(now.subtract({ hours: it.below(240) })),
    id: messageIdFromRow(1 + it.below(100)),
  })
  const table: Record<string, (it: Choices) => unknown> = {
    'Query.user.id': (it) => inEitherForm(id(it), it),
    'Query.userByTelegramId.telegramId': (it) =>
      inEitherForm(it.chance(0.2) ? it.of(['0', '-5', '404404', '9223372036854775807']) : it.of(telegramIds), it),
    'Query.users.first': (it) => maybe(it, () => 1 + it.below(20)),
    'Query.users.after': (it) => it.of([undefined, undefined, null, userCursor({ id: someone(it) }), 'bm9uc2Vuc2U']),
    'User.dailyStats.date': (it) => maybe(it, () => it.of([date(it), date(it), date(it), null])),
    'User.tutorUsage.date': (it) => maybe(it, () => it.of([date(it), null])),
    'User.statsRange.days': (it) => maybe(it, () => 1 + it.below(40)),
    'User.messages.first': (it) => maybe(it, () => 1 + it.below(20)),
    // Most are another conversation's, and refused.
    'User.messages.after': (it) =>
      it.chance(0.2)
        ? it.of([null, messageCursor(someone(it), place(it)), userCursor({ id: someone(it) })])
        : undefined,
    'Query.job.id': (it) => it.of([...NOBODY, '00000000-0000-4000-8000-000000000000']),
    'Query.webhooks.first': (it) => maybe(it, () => 1 + it.below(20)),
    'Query.webhooks.after': (it) => it.of([undefined, null, userCursor({ id: someone(it) })]),
    'Webhook.deliveries.first': (it) => maybe(it, () => 1 + it.below(20)),
    'Webhook.deliveries.after': (it) => it.of([undefined, undefined, null, 'bm9uc2Vuc2U']),
    'Query.cacheEntries.tags': (it) =>
      it.of([[`user:${someone(it)}`, 'users'], [`practice:${someone(it)}`], ['user:0']]),
    'Query.honzikReply.input': (it) => ({
      text: it.of(['Ahoj!', 'Já jsem "dobře".']),
      userId: id(it),
      level: 'NATIVE',
    }),
  }
  return (coordinate, random) => {
    const draw = table[coordinate]
    if (!draw) throw new TypeError(`${coordinate} is not in the table of arguments`)
    return draw(new Choices(random))
  }
}

const maybe = (it: Choices, draw: () => unknown): unknown => (it.chance(0.3) ? undefined : draw())

/** Ids are taken as strings and as numbers. */
const inEitherForm = (text: string | undefined, it: Choices): unknown =>
  it.chance(0.3) && String(Number(text)) === text && Number.isSafeInteger(Number(text)) ? Number(text) : text
