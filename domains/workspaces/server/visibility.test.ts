import { expect, test } from 'vitest'
import { programActor, type Actor } from '#platform/actor'
import { canSeeWorkspacesEvent, everyone, holdersOf, only } from './visibility.ts'

const nobody = programActor('01936e00-0000-7000-8000-000000000000', new Date(0))
const member: Actor = { ...nobody, kind: 'member', id: 'm1', permissions: new Set(['people.manage']) }
const visitor: Actor = { ...nobody, kind: 'visitor', id: 'm1', permissions: new Set() }

test.for([
  ['what is for everyone', everyone, true],
  ['what needs a permission one has', holdersOf('people.manage'), true],
  ['what needs a permission one lacks', holdersOf('tokens.manage'), false],
  ['what is one’s own', only('m1'), true],
  ['what is another’s', only('m2'), false],
] as const)('a member sees %s: %#', ([, visibility, sees]) => {
  expect(canSeeWorkspacesEvent(member, visibility)).toBe(sees)
})

test('a visitor hears nothing of the people who work here, not even under their id', () => {
  for (const visibility of [everyone, holdersOf('people.manage'), only('m1')])
    expect(canSeeWorkspacesEvent(visitor, visibility)).toBe(false)
})
