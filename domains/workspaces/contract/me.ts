// The signed-in person and their place in the workspace they look at.
import * as t from 'typebox'
import { Id, nullable, oneOf, routes } from '#platform/contract/kernel'
import { roleNames } from './permissions.ts'
import { Locale, PersonName } from './sign-in.ts'

export const themes = ['system', 'light', 'dark'] as const
export const Preferences = t.Object(
  {
    theme: t.Optional(oneOf(themes)),
    locale: t.Optional(nullable(Locale)),
    /** Whether words that insult are blurred until they are clicked; they are, unless somebody chose otherwise. */
    blurToxic: t.Optional(t.Boolean()),
    /** Command to key, where somebody chose another key than ours. */
    shortcuts: t.Optional(t.Record(t.String({ maxLength: 60 }), t.String({ maxLength: 30 }), { maxProperties: 100 })),
  },
  { $id: 'Preferences' },
)
export type Preferences = t.Static<typeof Preferences>

export const MembershipView = t.Object({
  workspaceId: Id,
  slug: t.String(),
  name: t.String(),
  role: oneOf(roleNames),
  isSample: t.Boolean(),
})

export const Me = t.Object(
  {
    person: t.Object({ id: t.String(), email: t.String(), name: t.String(), secondFactor: t.Boolean() }),
    memberships: t.Array(MembershipView),
    /** Null for a person without a workspace, or who asked for one that is not theirs. */
    present: nullable(
      t.Object({
        workspaceId: Id,
        slug: t.String(),
        name: t.String(),
        timeZone: t.String(),
        locale: t.String(),
        colour: nullable(t.String()),
        outboundPausedReason: nullable(t.String()),
        memberId: Id,
        memberName: t.String(),
        role: oneOf(roleNames),
        permissions: t.Array(t.String()),
        teamIds: t.Array(Id),
        preferences: Preferences,
      }),
    ),
  },
  { $id: 'Me' },
)
export type Me = t.Static<typeof Me>

export const meRoutes = routes({
  getMe: {
    method: 'GET',
    path: '/me',
    summary: 'Who is signed in, their workspaces, and what they may do in the present one',
    access: 'signed-in',
    reply: Me,
  },
  changeMe: {
    method: 'PATCH',
    path: '/me',
    summary: 'Change the own name in this workspace, and preferences; what is left out stays',
    access: 'member',
    body: t.Object({ name: t.Optional(PersonName), preferences: t.Optional(Preferences) }),
  },
  leaveWorkspace: {
    method: 'POST',
    path: '/me/leave',
    summary: 'Leave the workspace',
    access: 'member',
    problems: ['workspaces.last_owner'],
  },
})
