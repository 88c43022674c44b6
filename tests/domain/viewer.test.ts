import { describe, expect, test } from 'vitest'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { ROLES, requireAccess, requireSignedIn, requireStaff, type Viewer } from '../../src/domain/viewer.ts'
import { refusal } from '../support/refusals.ts'

const own = userIdFromRow(1)
const other = userIdFromRow(2)

const nobody: Viewer = { role: 'nobody', refused: null }
const expired: Viewer = { role: 'nobody', refused: 'The token has expired.' }
const learner: Viewer = { role: 'user', id: own }
const staff: Viewer = { role: 'staff', id: null }
const admin: Viewer = { role: 'admin', id: own }

test('the roles are those that callers were promised', () => {
  expect(ROLES).toEqual(['user', 'staff', 'admin'])
})

describe('signing in', () => {
  test.each([learner, staff, admin])('is done by %j', (viewer) => {
    expect(requireSignedIn(viewer)).toBe(viewer)
  })

  test('is asked of who sent no token, with a word on how', () => {
    expect(() => requireSignedIn(nobody)).toThrow(refusal('UNAUTHENTICATED'))
    expect(() => requireSignedIn(nobody)).toThrow('Authorization header with a Bearer token')
  })

  test('is asked of who sent a token that does not count, with the reason', () => {
    expect(() => requireSignedIn(expired)).toThrow(refusal('UNAUTHENTICATED'))
    expect(() => requireSignedIn(expired)).toThrow('The token has expired.')
  })
})

describe('what only staff may do', () => {
  test.each([staff, admin])('is open to %j', (viewer) => {
    expect(() => requireStaff(viewer)).not.toThrow()
  })

  test('is forbidden to learners and closed to nobodies', () => {
    expect(() => requireStaff(learner)).toThrow(refusal('FORBIDDEN'))
    expect(() => requireStaff(nobody)).toThrow(refusal('UNAUTHENTICATED'))
  })
})

describe("what is a learner's", () => {
  test('is open to that learner and to staff', () => {
    expect(requireAccess(learner, own)).toBe(own)
    expect(requireAccess(staff, own)).toBe(own)
    expect(requireAccess(admin, other)).toBe(other)
  })

  test("looks to another learner as if it did not exist: another's id and an impossible one answer alike", () => {
    expect(() => requireAccess(learner, other)).toThrow(refusal('NOT_FOUND'))
    expect(() => requireAccess(learner, null)).toThrow(refusal('NOT_FOUND'))
    expect(() => requireAccess(learner, other)).toThrow('No such learner.')
    expect(() => requireAccess(learner, null)).toThrow('No such learner.')
  })

  test('does not exist for staff either under an impossible id', () => {
    expect(() => requireAccess(staff, null)).toThrow(refusal('NOT_FOUND'))
  })

  test('is closed to who is not signed in, before anything is said about the id', () => {
    expect(() => requireAccess(nobody, own)).toThrow(refusal('UNAUTHENTICATED'))
    expect(() => requireAccess(expired, null)).toThrow(refusal('UNAUTHENTICATED'))
  })
})
