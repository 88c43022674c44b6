import type { TutorReply } from '../../src/domain/reply.ts'

/** What a model says to a text without mistakes. */
export const aReply: TutorReply = {
  reply: 'Ahoj! Jak se máš?',
  correctedText: 'Ahoj!',
  mistakes: [],
  correctnessScore: 100,
  suggestion: '',
  newWords: [],
  engine: 'OPENAI',
  model: 'a-model',
}
