import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, routes } from '#platform/contract/kernel'
import { tokenScopes } from './permissions.ts'

export const ApiToken = t.Object(
  {
    id: Id,
    name: t.String(),
    scopes: t.Array(t.String()),
    createdBy: nullable(t.String()),
    createdAt: Moment,
    expiresAt: nullable(Moment),
    lastUsedAt: nullable(Moment),
  },
  { $id: 'ApiToken' },
)
export type ApiToken = t.Static<typeof ApiToken>

export const tokenRoutes = routes({
  listTokens: {
    method: 'GET',
    path: '/tokens',
    summary: 'API tokens that are not revoked, newest first',
    access: 'tokens.manage',
    reply: t.Object({ items: t.Array(ApiToken) }),
  },
  createToken: {
    method: 'POST',
    path: '/tokens',
    summary: 'Make an API token; its value is shown this once',
    access: 'tokens.manage',
    body: t.Object({
      name: t.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
      scopes: t.Array(oneOf(tokenScopes), { minItems: 1, maxItems: 40, uniqueItems: true }),
      expiresAt: t.Optional(nullable(Moment)),
    }),
    reply: t.Object({ token: ApiToken, value: t.String() }),
    problems: ['workspaces.beyond_own', 'workspaces.expiry_past'],
  },
  revokeToken: {
    method: 'DELETE',
    path: '/tokens/:id',
    summary: 'Revoke an API token; the next call with it is refused',
    access: 'tokens.manage',
    params: IdParams,
  },
})
