import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Actor } from '../actor.ts'
import { openAudiences, type CanSee } from './audiences.ts'

const ids = ['a', 'b', 'c', 'd']
const anActor = fc.record({
  id: fc.constantFrom(...ids, null),
  teams: fc.subarray(['red', 'blue']),
  permissions: fc.subarray(['inbox.read', 'inbox.see_all']),
})
const anEvent = fc.record({
  teamId: fc.constantFrom('red', 'blue', null),
  assigneeId: fc.constantFrom(...ids, null),
  memberId: fc.option(fc.constantFrom(...ids), { nil: undefined }),
})

const canSee: CanSee = (actor, { visibility, data }) => {
  if (!actor.permissions.has('inbox.read')) return false
  if (data['memberId'] !== undefined && data['memberId'] !== actor.id) return false
  if (visibility['teamId'] === null || actor.permissions.has('inbox.see_all')) return true
  if (actor.teamIds.includes(String(visibility['teamId']))) return true
  return visibility['assigneeId'] !== null && visibility['assigneeId'] === actor.id
}

test('hears who would hear if each were asked, each once, whoever came and went before', () => {
  fc.assert(
    fc.property(
      fc.array(anActor, { maxLength: 30 }),
      fc.array(fc.nat(29)),
      fc.array(anEvent),
      (people, gone, events) => {
        const audiences = openAudiences<{ readonly actor: Actor }>(canSee)
        const hearers = people.map(({ id, teams, permissions }) => ({
          actor: {
            workspaceId: 'w',
            kind: 'member' as const,
            id,
            at: new Date(0),
            permissions: new Set(permissions),
            teamIds: teams,
          },
        }))
        for (const hearer of hearers) audiences.add(hearer)
        const left = new Set(gone.flatMap((at) => hearers[at] ?? []))
        for (const hearer of left) audiences.remove(hearer)
        for (const { memberId, ...visibility } of events) {
          const event = { type: 'x.y', visibility, data: memberId === undefined ? {} : { memberId }, actorId: null }
          const heard = audiences.hearersOf(event)
          expect(new Set(heard).size).toBe(heard.length)
          expect(new Set(heard)).toEqual(
            new Set(hearers.filter((hearer) => !left.has(hearer) && canSee(hearer.actor, event))),
          )
        }
      },
    ),
  )
})
