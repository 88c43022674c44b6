import { expect, test } from 'vitest'
import { MESSAGE_ROLES } from '../../src/domain/message.ts'

test('a message is said by the learner or by the tutor', () => {
  expect(MESSAGE_ROLES).toEqual(['USER', 'ASSISTANT'])
})
