import { expect, test } from 'vitest'
import { asLibpqReads } from '../../src/jobs/boss.ts'

test('an address that says how to encrypt is read as our other driver reads it', () => {
  const address = asLibpqReads('postgres://honzik:secret@db.internal:5432/honzik?sslmode=require')
  const { sslmode, uselibpqcompat } = Object.fromEntries(new URL(address).searchParams)
  expect({ sslmode, uselibpqcompat }).toEqual({ sslmode: 'require', uselibpqcompat: 'true' })
})

test('an address without a word of encryption stays as it is', () => {
  const address = 'postgres://honzik:s%40cret@db.internal:5432/honzik'
  expect(asLibpqReads(address)).toBe(address)
})
