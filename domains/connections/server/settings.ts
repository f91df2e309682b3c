// What a person sets of a connection: checked against the channel's own schema, and what is secret kept apart and sealed.
import type { Connector } from '#channels/connector'
import { compileSchema } from '#platform/http/validate'
import { Problem } from '#platform/contract/problem'
import { open, seal, SealError, type Keyring } from '#platform/crypto'

export type Settings = Readonly<Record<string, unknown>>
export type Credentials = Readonly<Record<string, string>>
/** Where a connection's secrets are kept; part of what seals them. */
export interface SecretPlace {
  readonly workspaceId: string
  readonly id: string
}

/** What a connector is handed: what the platform said of itself, and over it what a person set. */
export const withLearned = (learned: unknown, settings: unknown): Settings => ({
  ...(learned as Settings | null),
  ...(settings as Settings),
})

const credentialContext = (workspaceId: string, id: string): string => `connections.credentials:${workspaceId}:${id}`

export function sealCredentials(
  keyring: Keyring,
  { workspaceId, id }: SecretPlace,
  credentials: Credentials,
): string | null {
  if (Object.keys(credentials).length === 0) return null
  return seal(keyring, JSON.stringify(credentials), credentialContext(workspaceId, id))
}

/** Throws SealError where the keyring lacks the key, or the value is another row's. */
export function openCredentials(
  keyring: Keyring,
  { workspaceId, id }: SecretPlace,
  sealed: string | null,
): Credentials {
  return sealed === null
    ? {}
    : (JSON.parse(open(keyring, sealed, credentialContext(workspaceId, id))) as Record<string, string>)
}

/** Names of the secrets that are set. None when they do not open: the connection still has to be shown. */
export function secretFieldsOf(keyring: Keyring, place: SecretPlace, sealed: string | null): string[] {
  try {
    return Object.keys(openCredentials(keyring, place, sealed)).sort()
  } catch (error) {
    if (error instanceof SealError) return []
    throw error
  }
}

/**
 * What is set after a change: what is left out stays, null takes a setting away. Throws 422 `connections.bad_settings`, which
 * names the fields.
 */
export function applySettings(
  connector: Connector,
  before: { readonly settings: Settings; readonly credentials: Credentials },
  given: Settings,
): { readonly settings: Settings; readonly credentials: Credentials } {
  const schema = connector.settings as { readonly properties?: Readonly<Record<string, { readonly format?: string }>> }
  const properties = schema.properties ?? {}
  const known = (name: string): boolean => Object.hasOwn(properties, name)
  // Secrets that the program made need not be in the form, and are then not the form's to check or to change.
  const made = Object.entries(before.credentials).filter(([name]) => !known(name))
  const kept = Object.entries({ ...before.settings, ...before.credentials }).filter(([name]) => known(name))
  const wanted = Object.fromEntries(
    Object.entries({ ...Object.fromEntries(kept), ...given }).filter(([, value]) => value !== null),
  )
  checkSettings(connector, wanted)
  const secret = ([name]: [string, unknown]): boolean => properties[name]?.format === 'password'
  const entries = Object.entries(wanted)
  return {
    settings: Object.fromEntries(entries.filter((entry) => !secret(entry))),
    credentials: Object.fromEntries([...made, ...entries.filter(secret)]) as Record<string, string>,
  }
}

function checkSettings(connector: Connector, wanted: Settings): void {
  const check = compileSchema({ schema: connector.settings, httpPart: 'body', method: 'POST', url: '' }) as (
    value: unknown,
  ) => { readonly error?: Problem }
  const { error } = check(wanted)
  if (error === undefined) return
  throw new Problem(422, 'connections.bad_settings', `Some settings are not as ${connector.name} needs them.`, {
    fields: (error.fields ?? []).map(({ path, message }) => ({
      path: path === 'body' ? 'settings' : `settings.${path}`,
      message,
    })),
  })
}
