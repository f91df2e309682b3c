import { join } from 'node:path'
import { openKnownConnections } from '#connections/server'
import { programActor } from '#platform/actor'
import { systemClock } from '#platform/clock'
import { Problem } from '#platform/contract/problem'
import { openFileStore } from '#platform/files/store'
import { CommandError, readArguments, UsageError, withInstallation } from '../program/command-line.ts'
import { loadSample } from '../sample/load.ts'
import { removeSample } from '../sample/state.ts'

const usage = 'seed [--workspace SLUG] [--remove]'
export const summary = `${usage.slice('seed '.length)}: brings the sample into a workspace, or takes it out again`

export async function run(args: string[]): Promise<number> {
  const options = { workspace: { type: 'string' }, remove: { type: 'boolean' } } as const
  const { values, positionals } = readArguments(args, options, usage)
  if (positionals.length > 0)
    throw new UsageError(`There is nothing to do with ${positionals[0]}.\nUsage: rapport ${usage}`)
  const said = await withInstallation(async ({ config, db, keyring }) => {
    const workspaces = await db.system((tx) =>
      tx.selectFrom('workspaces').select(['id', 'slug', 'name']).orderBy('slug').execute(),
    )
    const slugs = workspaces.map(({ slug }) => slug).join(', ')
    if (workspaces.length === 0)
      throw new CommandError('Nobody has claimed this installation yet: run npm start first.')
    if (values.workspace === undefined && workspaces.length > 1)
      throw new UsageError(`Say which workspace with --workspace: ${slugs}.`)
    const workspace = workspaces.find(({ slug }) => slug === (values.workspace ?? slug))
    if (!workspace) throw new CommandError(`There is no workspace ${values.workspace}; there is ${slugs}.`)
    const files = await openFileStore({ directory: join(config.dataDir, 'files') })
    const scope = { workspaceId: workspace.id }
    if (values.remove) {
      await removeSample(db, files, programActor(workspace.id, systemClock.now()))
      return `The sample is gone from ${workspace.name}.`
    }
    const owner = await db.read(scope, (tx) =>
      tx
        .selectFrom('members')
        .select('id')
        .where('role', '=', 'owner')
        .where('state', '=', 'active')
        .orderBy('createdAt')
        .executeTakeFirst(),
    )
    const deps = { db, keyring, files, clock: systemClock, known: openKnownConnections(db, keyring) }
    const { conversations, messages } = await loadSample(deps, workspace.id, owner?.id ?? null)
    return `${workspace.name} has ${conversations} made-up conversations with ${messages} messages. Take them out with --remove.`
  }).catch((error: unknown) => {
    throw error instanceof Problem ? new CommandError(error.message) : error
  })
  console.log(said)
  return 0
}
