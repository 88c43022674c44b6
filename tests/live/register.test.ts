import { expect, test } from 'vitest'
import { asCount, asExistence, asName, asSettings, Register, settingsOf } from './register.ts'

test('a register allows what was acknowledged when the read began, what came after, and nothing else', () => {
  const register = new Register('profile', asName)
  for (let number = 1; number <= 5; number += 1) register.begin()
  register.confirm(3)
  const floor = register.floor
  const allowed = ['2', '3', '4', '5', '6', 'Ada', null, 3].filter((value) => register.allows(value, floor))
  expect(allowed).toEqual(['3', '4', '5'])
})

test('what was never acknowledged promises nothing until all is quiet', () => {
  const register = new Register('practice', asCount)
  register.begin()
  register.begin()
  expect([0, 1, 2].filter((value) => register.allows(value, register.floor))).toEqual([0, 1, 2])
  register.settle(register.numberIn(1) ?? Number.NaN)
  expect([0, 1, 2].filter((value) => register.allows(value, register.floor))).toEqual([1])
})

test('settings tell their number apart from those around it', () => {
  const register = new Register('settings', asSettings)
  for (let number = 1; number <= 200; number += 1) register.begin()
  register.confirm(190)
  for (const number of [188, 189]) expect(register.allows(settingsOf(number), register.floor)).toBe(false)
  for (const number of [190, 195, 200]) expect(register.allows(settingsOf(number), register.floor)).toBe(true)
  expect(register.allows(settingsOf(201), register.floor)).toBe(false)
  expect(register.allows(null, register.floor)).toBe(false)
  expect(register.numberIn(settingsOf(193))).toBe(193)
})

test('somebody is there after an odd write and gone after an even one', () => {
  const register = new Register('ghost', asExistence)
  register.begin()
  register.confirm(1)
  expect(register.allows(null, 1)).toBe(false)
  expect(register.allows('1', 1)).toBe(true)
  register.begin()
  expect(register.allows(null, 1)).toBe(true)
  register.confirm(2)
  expect(register.allows('1', 2)).toBe(false)
})
