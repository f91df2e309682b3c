// Who of thousands hears an event, without asking each of them: streams whose actors may do the same are asked once for all.
import type { Actor } from '../actor.ts'

/** The parts of an event that decide who may know of it. */
export interface Told {
  readonly type: string
  readonly visibility: Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, unknown>>
  readonly actorId: string | null
}

/**
 * Pure. It may look at the actor's kind, permissions and teams; at the id only to compare it with those that stand as plain
 * values in the event's visibility and data.
 */
export type CanSee = (actor: Actor, event: Told) => boolean

export interface Hearer {
  readonly actor: Actor
}

export interface Audiences<H extends Hearer> {
  add(hearer: H): void
  remove(hearer: H): void
  /** Everyone who may know of the event, each once. */
  hearersOf(event: Told): H[]
}

interface Group<H> {
  /** One of them, under nobody's name: sees what all of them see. */
  readonly anyone: Actor
  readonly members: Set<H>
}

export function openAudiences<H extends Hearer>(canSee: CanSee): Audiences<H> {
  const groups = new Map<string, Group<H>>()
  const groupOf = new Map<H, string>()
  const byActor = new Map<string, Set<H>>()

  return {
    add(hearer) {
      const { actor } = hearer
      const key = keyOf(actor)
      const group = groups.get(key) ?? { anyone: { ...actor, id: null }, members: new Set<H>() }
      groups.set(key, group)
      group.members.add(hearer)
      groupOf.set(hearer, key)
      if (actor.id === null) return
      const own = byActor.get(actor.id) ?? new Set<H>()
      byActor.set(actor.id, own.add(hearer))
    },

    remove(hearer) {
      const key = groupOf.get(hearer)
      if (key === undefined) return
      groupOf.delete(hearer)
      const group = groups.get(key)!
      group.members.delete(hearer)
      if (group.members.size === 0) groups.delete(key)
      const { id } = hearer.actor
      const own = id === null ? undefined : byActor.get(id)
      own?.delete(hearer)
      if (id !== null && own?.size === 0) byActor.delete(id)
    },

    hearersOf(event) {
      const named = new Set<H>()
      for (const value of [...Object.values(event.visibility), ...Object.values(event.data)])
        if (typeof value === 'string') for (const hearer of byActor.get(value) ?? []) named.add(hearer)
      const hearers = [...named].filter((hearer) => canSee(hearer.actor, event))
      for (const { anyone, members } of groups.values()) {
        if (!canSee(anyone, event)) continue
        for (const hearer of members) if (!named.has(hearer)) hearers.push(hearer)
      }
      return hearers
    },
  }
}

const keyOf = ({ kind, permissions, teamIds }: Actor): string =>
  JSON.stringify([kind, [...permissions].toSorted(), [...teamIds].toSorted()])
