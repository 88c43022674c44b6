/** Everything the protocol does so that no old value is read; each can be taken away in the model. */
export const GUARDS = {
  // Filling the shared store.
  'lease compare': 'a value is put only in the place of its own lease',
  'load after the lease': 'the row is read after the lease was taken',
  'removal of the unusable': 'what cannot be read makes room for a lease',
  'life in entries': 'an entry counts only in the life of Redis in which it was written',
  'epoch in entries': 'an entry counts only in the epoch in which it was written',
  'reads bound to a life': 'entries are read only in the life of the mark',
  'leases bound to a life': 'leases are taken only in the life of the mark',

  // Sharing within a process.
  'joining rule': 'a load is joined only by who began before it, or at no later a mark',
  'joining within a course':
    'a load is joined only by who has a mark of the same life and epoch, or none as it has none',
  'mark read after the beginning': 'a mark is shared only by requests that began before it was read',

  // Memory.
  'sequence check': 'memory answers only where everything up to the mark was applied',
  'life check': 'memory answers only marks of its own life',
  'epoch check': 'memory answers only marks of its own epoch',
  'put fence': 'what was loaded before an invalidation is not kept after it',
  'fence of a beginning': 'what was loaded before a beginning is not kept after it',
  'fences that begin anew': 'fences of another course are forgotten: their numbers say nothing',
  'puts bound to a course': 'what was loaded in another life or epoch is not kept',
  'own drop': 'a writer drops what it changed before it acknowledges',

  // Following the sequence.
  'gap rule': 'a missing message empties memory',
  'lost rule': 'a lost and a new subscription empty memory',
  'start after subscribing': 'the place to begin at is read after the subscription is confirmed',
  'behind rule': 'messages that do not come in time empty memory',
  'went-back rule': 'a sequence that went back empties memory',
  'other-life rule': 'another life empties memory',
  'other-epoch rule': 'another epoch empties memory',
  'messages bound to a life': 'messages move on only what was begun in the life of their connection',
  'lives that never return': 'a primary that takes over again counts as another life',
  'numbers from a clock': 'a sequence that vanished begins at numbers that never were',

  // Writing.
  'invalidation after the commit': 'entries are removed after the change can be seen, not before',
  'removal before the announcement': 'who has read the new number finds no entry from before it',
  'acknowledgement after the announcement': 'a change is acknowledged after every node can know of it',
  'bypass inside a transaction': 'a transaction decides on rows, not on entries',
  'new epoch': 'a change of very much makes everything void',
  'invalidation by a repeat': 'who finds a change made already invalidates it too before acknowledging it',

  // Making good.
  relay: 'what nobody has invalidated is invalidated later',
  'rows kept until applied': 'a relay deletes rows after it has applied them',
  'drain before the breaker closes': 'nobody returns to the caches before what was pending is made good',
  'memory empty when the breaker closes': 'a node that was cut off begins with an empty memory',
} as const

export type Guard = keyof typeof GUARDS
