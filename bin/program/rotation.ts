// Rotating the key that opens stored secrets: a new key seals, everything is rewrapped under it, and only when nothing hangs on
// the old ones are they forgotten. Each step can be done twice, and all of it while the program runs.
import type pg from 'pg'
import type { Config } from '#platform/config'
import { needsRewrap, rewrap, SealError, type Keyring } from '#platform/crypto'
import { addKey, dropOldKeys, openKeyring, rewrapRoot } from '#platform/keyring'
import { rootIn } from './database.ts'

export interface Rotation {
  readonly keyId: string
  readonly rewrapped: number
  /** Values that no key of the keyring opens: left as they are, and the old keys with them. */
  readonly unreadable: readonly string[]
  readonly dropped: boolean
}

/** A column that holds sealed values, of a table whose rows `ctid` finds. */
interface SealedColumn {
  readonly table: string
  readonly column: string
}

const AT_ONCE = 500

/**
 * With a key file: makes a new key, unless an earlier rotation was cut short after it did. With SECRET_KEY the operator
 * has put the new key in front; then this rewraps, and says when the old one may go. `settlesMs`: how long a program that
 * runs on the key file needs to see a change of it.
 */
export async function rotateKey(owner: pg.Client, config: Config, settlesMs = 0): Promise<Rotation> {
  const open = (): Promise<Keyring> =>
    openKeyring({ secretKey: config.secretKey ?? undefined, directory: config.dataDir, rootStore: rootIn(owner) })
  const before = await open()
  // Two keys already: the last rotation did not come to its end, and goes on with its new key.
  if (config.secretKey === null && before.keys.size === 1) await addKey(config.dataDir)
  const keyring = await open()
  // From here on the program opens both and seals with the new one.
  if (config.secretKey === null) await new Promise((resolve) => setTimeout(resolve, settlesMs))
  const columns = await sealedColumns(owner)
  let rewrapped = 0
  const unreadable: string[] = []
  // A program that still seals with the old key may do so between two looks.
  for (let round = 0; round < 3; round++) {
    const found = await rewrapAll(owner, keyring, columns, unreadable)
    rewrapped += found
    if (found === 0) break
  }
  await rewrapRoot(keyring, { directory: config.dataDir, rootStore: rootIn(owner) })
  const dropped = config.secretKey === null && unreadable.length === 0
  if (dropped) await dropOldKeys(config.dataDir)
  return { keyId: keyring.currentId, rewrapped, unreadable: [...new Set(unreadable)], dropped }
}

/** Every text column in which a sealed value stands, wherever a domain keeps one. */
export async function sealedColumns(owner: pg.Client): Promise<SealedColumn[]> {
  const { rows } = await owner.query<SealedColumn>(`
    select format('%I.%I', n.nspname, c.relname) as table, format('%I', a.attname) as column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.atttypid = 'text'::regtype
      and (a.attname ~ '(^|_)(credentials|sealed|secret)$')
      and c.relname <> 'keyring_root'`)
  return rows
}

async function rewrapAll(
  owner: pg.Client,
  keyring: Keyring,
  columns: readonly SealedColumn[],
  unreadable: string[],
): Promise<number> {
  let count = 0
  for (const { table, column } of columns) {
    const { rows } = await owner.query<{ sealed: string }>(
      `select distinct ${column} as sealed from ${table} where ${column} like 'v1.%' and ${column} not like $1`,
      [`v1.${keyring.currentId}.%`],
    )
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      const pairs = rows
        .slice(at, at + AT_ONCE)
        .flatMap(({ sealed }) => pairOf(keyring, sealed, `${table}.${column}`, unreadable))
      // Only where the value is still what was read: somebody may have saved another meanwhile.
      const { rowCount } = await owner.query(
        `update ${table} t set ${column} = n.after from unnest($1::text[], $2::text[]) as n (before, after) where t.${column} = n.before`,
        [pairs.map(([before]) => before), pairs.map(([, after]) => after)],
      )
      count += rowCount ?? 0
    }
  }
  return count
}

function pairOf(keyring: Keyring, sealed: string, where: string, unreadable: string[]): [string, string][] {
  try {
    return needsRewrap(keyring, sealed) ? [[sealed, rewrap(keyring, sealed)]] : []
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    unreadable.push(where)
    return []
  }
}
