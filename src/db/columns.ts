import { sql } from 'drizzle-orm'
import { customType } from 'drizzle-orm/pg-core'
import type { Timestamp } from '../domain/calendar.ts'
import { type TelegramId, telegramIdFromRow } from '../domain/ids.ts'

/** The drivers disagree on 64-bit integers (number, bigint, string); text is what all of them can be turned into. */
export const telegramId = customType<{ data: TelegramId; driverData: string | number | bigint }>({
  dataType: () => 'bigint',
  fromDriver: (value) => telegramIdFromRow(String(value)),
})

/** Millisecond precision, so that what was written equals what is read. */
export const timestamp = customType<{ data: Timestamp; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  fromDriver: (value) => new Date(value).toISOString() as Timestamp,
})

export const bytea = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  // The driver would write two digits for each byte; this is a third more than the bytes, and quicker read.
  toDriver: (value) => sql`decode(${value.toString('base64')}, 'base64')`,
  fromDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
})

export const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' })
