import type { Guard } from './guards.ts'
import type { Scenario } from './world.ts'

/* Small enough to be searched in full, and each with what it takes to need some of the guards. */

export const SCENARIOS = {
  'two nodes fill the store while one of them changes the row': {
    warm: false,
    memories: [],
    readers: [0, 1],
    writers: [{ node: 1, writes: 'change' }],
    relays: [1],
    faults: { evict: 1, expire: 1, 'miss an answer': 1 },
  },
  'two requests of one node share their loads': {
    warm: false,
    memories: [0],
    readers: [0, 0],
    writers: [{ node: 1, writes: 'change' }],
    faults: { 'miss a mark': 1 },
  },
  'three requests of one node share their loads': {
    warm: false,
    memories: [],
    readers: [0, 0, 0],
    writers: [{ node: 1, writes: 'change' }],
  },
  'two requests of one node meet in memory': {
    warm: true,
    memories: [0],
    readers: [0, 0],
    writers: [{ node: 1, writes: 'change' }],
    faults: { evict: 1 },
  },
  'two nodes read from memory while one changes the row': {
    warm: true,
    readers: [0, 1],
    writers: [{ node: 0, writes: 'change' }],
  },
  'a node alone reads and changes the row': {
    warm: true,
    memories: [0],
    readers: [0, 0],
    writers: [{ node: 0, writes: 'change' }],
    faults: { forget: 1 },
  },
  'two nodes change the row': {
    warm: true,
    readers: [0],
    writers: [
      { node: 0, writes: 'change' },
      { node: 1, writes: 'change' },
    ],
  },
  'messages are lost': {
    warm: true,
    memories: [0],
    readers: [0],
    writers: [
      { node: 1, writes: 'change' },
      { node: 1, writes: 'another' },
    ],
    faults: { 'drop a message': 1, 'lose a subscription': 1 },
  },
  'Redis falls back to what it had saved': {
    warm: true,
    memories: [0],
    readers: [0],
    writers: [
      { node: 1, writes: 'change' },
      { node: 1, writes: 'another' },
    ],
    faults: { snapshot: 1, restart: 1 },
  },
  'Redis fails over and back': {
    warm: true,
    memories: [0],
    readers: [],
    writers: [
      { node: 1, writes: 'change' },
      { node: 1, writes: 'another' },
    ],
    faults: { snapshot: 1, restart: 2, 'lose a subscription': 1 },
  },
  'Redis forgets everything': {
    warm: true,
    memories: [0],
    readers: [0],
    writers: [{ node: 0, writes: 'change' }],
    faults: { flush: 1, 'lose a subscription': 1 },
  },
  'Redis forgets everything and its clock steps back': {
    warm: true,
    readers: [0],
    writers: [{ node: 1, writes: 'change' }],
    faults: { 'flush and step the clock back': 1 },
  },
  'a bulk change meets two requests of one node': {
    warm: true,
    memories: [0],
    readers: [0, 0],
    writers: [{ node: 1, writes: 'bulk' }],
    faults: { 'miss a mark': 1, forget: 1 },
  },
  'a bulk change meets a change': {
    warm: true,
    memories: [0],
    readers: [0],
    writers: [
      { node: 1, writes: 'bulk' },
      { node: 0, writes: 'change' },
    ],
    faults: { evict: 1 },
  },
  'a request is made again while its first process writes, or crashes': {
    warm: true,
    memories: [],
    readers: [0],
    writers: [
      { node: 1, writes: 'change' },
      { node: 0, writes: 'repeat' },
    ],
    relays: [0],
    faults: { 'crash a writer': 1, 'crash a relay': 1 },
  },
  'a node is cut off from Redis': {
    warm: true,
    memories: [0],
    readers: [],
    writers: [
      { node: 0, writes: 'change' },
      { node: 1, writes: 'change' },
    ],
    relays: [0],
    faults: { 'cut off': 1 },
  },
  'a node is cut off while another relays': {
    warm: true,
    memories: [],
    readers: [0],
    writers: [{ node: 0, writes: 'change' }],
    relays: [0, 1],
    faults: { 'cut off': 1 },
  },
} satisfies Record<string, Scenario>

type Name = keyof typeof SCENARIOS

/** Where the promise is broken without a guard, though all the others hold. */
export const NEEDED: Partial<Record<Guard, Name>> = {
  'lease compare': 'two nodes fill the store while one of them changes the row',
  'load after the lease': 'two nodes fill the store while one of them changes the row',
  'invalidation after the commit': 'two nodes fill the store while one of them changes the row',
  'joining rule': 'three requests of one node share their loads',
  'mark read after the beginning': 'two requests of one node meet in memory',
  'sequence check': 'two requests of one node meet in memory',
  'put fence': 'two requests of one node share their loads',
  'removal before the announcement': 'two nodes read from memory while one changes the row',
  'acknowledgement after the announcement': 'two nodes read from memory while one changes the row',
  'bypass inside a transaction': 'two nodes change the row',
  'gap rule': 'messages are lost',
  'behind rule': 'messages are lost',
  'fence of a beginning': 'messages are lost',
  'life in entries': 'Redis falls back to what it had saved',
  'reads bound to a life': 'Redis falls back to what it had saved',
  'leases bound to a life': 'Redis falls back to what it had saved',
  'life check': 'Redis falls back to what it had saved',
  'puts bound to a course': 'Redis falls back to what it had saved',
  'messages bound to a life': 'Redis falls back to what it had saved',
  'lives that never return': 'Redis fails over and back',
  'fences that begin anew': 'Redis fails over and back',
  'numbers from a clock': 'Redis forgets everything',
  'went-back rule': 'Redis forgets everything and its clock steps back',
  'removal of the unusable': 'a bulk change meets two requests of one node',
  'epoch in entries': 'a bulk change meets two requests of one node',
  'new epoch': 'a bulk change meets two requests of one node',
  'joining within a course': 'a bulk change meets two requests of one node',
  'other-epoch rule': 'a bulk change meets two requests of one node',
  relay: 'a request is made again while its first process writes, or crashes',
  'invalidation by a repeat': 'a request is made again while its first process writes, or crashes',
  'rows kept until applied': 'a node is cut off while another relays',
  'drain before the breaker closes': 'a node is cut off from Redis',
}

/** A guard that others stand behind, so that taking it away breaks nothing until they are taken away too. */
interface Backed {
  readonly scenario: Name
  readonly by: readonly Guard[]
}

export const BACKED: Partial<Record<Guard, Backed>> = {
  'lost rule': { scenario: 'messages are lost', by: ['gap rule'] },
  'start after subscribing': { scenario: 'messages are lost', by: ['gap rule'] },
  'other-life rule': { scenario: 'Redis falls back to what it had saved', by: ['lost rule'] },
  'epoch check': { scenario: 'a bulk change meets two requests of one node', by: ['other-epoch rule'] },
  'own drop': { scenario: 'a node alone reads and changes the row', by: ['sequence check'] },
  'memory empty when the breaker closes': { scenario: 'a node is cut off from Redis', by: ['sequence check'] },
}
