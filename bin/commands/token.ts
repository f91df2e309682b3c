import { programActor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import { systemClock } from '#platform/clock'
import { tokenScopes, type TokenScope } from '#workspaces/contract'
import { createToken } from '#workspaces/server'
import { CommandError, readArguments, UsageError, withInstallation } from '../program/command-line.ts'

const usage = 'token create --workspace SLUG --name NAME --scope SCOPE[,SCOPE] [--expires DAYS]'
export const summary = `${usage.slice('token '.length)}: prints a new API token (scopes: admin, read, or permissions)`

/** Nothing but the token goes to standard output, so that a script can take it from there. */
export async function run(args: string[]): Promise<number> {
  const { slug, name, scopes, days } = readWishes(args)
  const value = await withInstallation(async ({ db }) => {
    const workspaces = await db.system((tx) =>
      tx.selectFrom('workspaces').select(['id', 'slug']).orderBy('slug').execute(),
    )
    const workspace = workspaces.find((one) => one.slug === slug)
    if (!workspace) {
      const there = workspaces.map((one) => one.slug).join(', ')
      throw new CommandError(
        `There is no workspace ${slug}; ${there === '' ? 'nobody has claimed this installation yet' : `there is ${there}`}.`,
      )
    }
    const now = systemClock.now()
    const expiresAt = days === null ? null : new Date(now.getTime() + days * 86_400_000).toISOString()
    const actor = programActor(workspace.id, now)
    return (await db.write(actor, (tx) => createToken(tx, actor, { name, scopes, expiresAt }))).value
  }).catch((error: unknown) => {
    throw error instanceof Problem ? new CommandError(error.message) : error
  })
  console.log(value)
  return 0
}

function readWishes(args: string[]) {
  const options = {
    workspace: { type: 'string' },
    name: { type: 'string' },
    scope: { type: 'string', multiple: true },
    expires: { type: 'string' },
  } as const
  const { values, positionals } = readArguments(args, options, usage)
  const wrong = (words: string): never => {
    throw new UsageError(`${words}\nUsage: rapport ${usage}`)
  }
  if (positionals.length !== 1 || positionals[0] !== 'create') return wrong('Say what to do with tokens: create.')
  const { workspace: slug, name = '', scope = [], expires } = values
  if (slug === undefined) return wrong('--workspace is missing.')
  if (name.trim() === '' || name.length > 80)
    return wrong('--name must be a name of 1 to 80 characters, by which people know the token.')
  const scopes = scope.flatMap((one) => one.split(',')).map((one) => one.trim())
  if (scopes.length === 0) return wrong('--scope is missing: admin, read, or permissions.')
  const unknown = scopes.filter((one) => !tokenScopes.some((known) => known === one))
  if (unknown.length > 0) return wrong(`There is no scope ${unknown.join(', ')}. There are: ${tokenScopes.join(' ')}.`)
  const days = expires === undefined ? null : Number(expires)
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= 3650))
    return wrong('--expires is a number of days from 1 to 3650.')
  return { slug, name, scopes: [...new Set(scopes)] as TokenScope[], days }
}
