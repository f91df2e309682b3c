import { expect, test } from 'vitest'
import { programActor, type Actor } from '#platform/actor'
import { permissionNames, roleNames } from '../contract/permissions.ts'
import { mustHaveAll, permissionsOfRole, permissionsOfScopes } from './permissions.ts'

const actorOf = (permissions: Iterable<string>): Actor => ({
  ...programActor('01936e00-0000-7000-8000-000000000000', new Date(0)),
  permissions: new Set(permissions),
})

test('each role may everything that the next smaller one may', () => {
  for (const [index, role] of roleNames.slice(1).entries()) {
    const larger = permissionsOfRole(roleNames[index]!)
    expect([...permissionsOfRole(role)].filter((name) => !larger.has(name))).toEqual([])
  }
})

test('an owner may everything, an administrator everything but delete the workspace', () => {
  expect([...permissionsOfRole('owner')]).toEqual([...permissionNames])
  expect(permissionNames.filter((name) => !permissionsOfRole('admin').has(name))).toEqual(['workspace.delete'])
})

test('an agent answers without seeing everything, and a viewer changes nothing', () => {
  expect(permissionsOfRole('agent').has('inbox.reply')).toBe(true)
  expect(permissionsOfRole('agent').has('inbox.see_all')).toBe(false)
  expect([...permissionsOfRole('viewer')].every((name) => name.endsWith('.read'))).toBe(true)
})

test('the scope of a token is an administrator, a reader, or the permissions by name', () => {
  expect(permissionsOfScopes(['admin'])).toEqual(permissionsOfRole('admin'))
  const read = permissionsOfScopes(['read'])
  expect(read.has('inbox.see_all')).toBe(true)
  expect([...read].filter((name) => !name.endsWith('.read') && name !== 'inbox.see_all')).toEqual([])
  expect([...permissionsOfScopes(['inbox.reply', 'gone.by', '*'])]).toEqual(['inbox.reply'])
})

test('nobody hands out what they do not have', () => {
  const lead = actorOf(permissionsOfRole('lead'))
  expect(() => mustHaveAll(lead, permissionsOfRole('agent'))).not.toThrow()
  expect(() => mustHaveAll(lead, permissionsOfRole('admin'))).toThrow(/Nobody can give/)
  expect(() => mustHaveAll(actorOf(permissionsOfRole('admin')), permissionsOfRole('owner'))).toThrow(/Nobody can give/)
})
