import type { Noted, Outbox } from '../../src/cache/outbox.ts'
import { createSequence, type Learner, type Learners } from './memory-state.ts'

export interface MemoryOutbox extends Outbox {
  /** Notes tags as changed now. */
  note(tags: readonly string[]): readonly Noted[]
}

export function createMemoryOutbox(): MemoryOutbox {
  const nextId = createSequence()
  let kept: readonly (Noted & { readonly at: number })[] = []
  const aged = (ageMs: number) => kept.filter(({ at }) => at <= performance.now() - ageMs)
  return {
    note(tags) {
      const named = tags.length > 1_000 ? ['*'] : tags
      const notes = named.map((tag) => ({ id: nextId(), tag }))
      kept = [...kept, ...notes.map((note) => ({ ...note, at: performance.now() }))]
      return notes
    },
    pending: async (ageMs, limit) =>
      aged(ageMs)
        .slice(0, limit)
        .map(({ id, tag }) => ({ id, tag })),
    backlog: async (ageMs) => aged(ageMs).length,
    async forget(ids) {
      const wanted = new Set(ids)
      const gone = kept.filter(({ id }) => wanted.has(id))
      kept = kept.filter(({ id }) => !wanted.has(id))
      return gone.map(({ id }) => id)
    },
    async forgetOlder(ageMs) {
      const gone = new Set(aged(ageMs))
      kept = kept.filter((note) => !gone.has(note))
    },
  }
}

/** What the triggers of the database would note between two states. */
export function tagsBetween(before: Learners, after: Learners): readonly string[] {
  const ids = new Set([...before.keys(), ...after.keys()])
  return [...ids].flatMap((id) => tagsOfChange(id, before.get(id), after.get(id)))
}

function tagsOfChange(id: number, before: Learner | undefined, after: Learner | undefined): readonly string[] {
  if (before === after) return []
  const tags: string[] = []
  const changed = <Part>(pick: (learner: Learner) => Part) => (before && pick(before)) !== (after && pick(after))
  if (changed(({ user }) => user)) tags.push(`user:${id}`)
  for (const learner of [before, after])
    if (learner && changed(({ user }) => user.telegramId)) tags.push(`telegram:${learner.user.telegramId}`)
  if (!before || !after) tags.push('users')
  if (!after) tags.push(`replies:${id}`, `asked:${id}`)
  const spoken = new Set(voicesOf(after))
  tags.push(...voicesOf(before).filter((tag) => !spoken.has(tag)))
  if (changed(({ settings }) => settings)) tags.push(`settings:${id}`)
  if (changed(({ stars }) => stars)) tags.push(`stars:${id}`)
  if (changed(({ days }) => days) || changed(({ settings }) => settings.timezone)) tags.push(`practice:${id}`)
  if (changed(({ messages }) => messages) && (before?.messages.length || after?.messages.length))
    tags.push(`messages:${id}`)
  return tags
}

/** What is remembered of a learner's voice, and of what was said to them. */
function voicesOf(learner: Learner | undefined): readonly string[] {
  const transcripts = [...(learner?.jobs.values() ?? [])].map(({ transcriptKey }) => transcriptKey)
  const spoken = [...(learner?.jobs.values() ?? [])].map(({ speechKey }) => speechKey)
  const speeches = [...spoken, ...[...(learner?.speeches.values() ?? [])].map(({ fingerprint }) => fingerprint)]
  const known = (kind: string, keys: readonly (string | null)[]) =>
    [...new Set(keys)].filter((key) => key !== null).map((key) => `${kind}:${key}`)
  return [...known('transcript', transcripts), ...known('speech', speeches)]
}
