// Questions to an installation, each answered in one line: what was looked at, how it is, what to do.
import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import type { Config } from '#platform/config'
import { needsRewrap, rewrap } from '#platform/crypto'
import { readMigrations } from '#platform/db/migrate'
import { loginRoleName, loginRoleStatements } from '#platform/db/roles'
import { openKeyring } from '#platform/keyring'
import { rootIn } from './database.ts'
import { found, type Finding } from './finding.ts'
import { checkDoors, portProblem } from './doctor-doors.ts'
import { sealedColumns } from './rotation.ts'

type Check = () => Promise<readonly Finding[]>

/** Runs checks one after the other; one that throws is itself a finding. */
export async function findAll(checks: Readonly<Record<string, Check>>): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [what, check] of Object.entries(checks)) {
    findings.push(...(await check().catch((error: Error): Finding[] => found(what, true, error.message))))
  }
  return findings
}

/** What the machine says, database or not. `running`: whether the program serves now. */
export function machineChecks(config: Config, running: boolean): Record<string, Check> {
  return {
    Node: async () => {
      const major = Number(process.versions.node.split('.')[0])
      return found(
        'Node',
        major < 24,
        `${process.version}${major < 24 ? '; Rapport brings Node 24: start it with npx rapport or npm start' : ''}`,
      )
    },
    'Data folder': async () => {
      await access(config.dataDir, constants.R_OK | constants.W_OK)
      const open = ((await stat(config.dataDir)).mode & 0o022) !== 0
      return found(
        'Data folder',
        open,
        `${config.dataDir}${open ? ` may be written by others. Run: chmod go-w ${config.dataDir}` : ''}`,
      )
    },
    'Key file': async () => {
      if (config.secretKey !== null) return found('Key file', false, 'keys come from SECRET_KEY')
      const path = join(config.dataDir, 'keyring.json')
      const mode = await stat(path).then(
        (entry) => entry.mode & 0o777,
        () => null,
      )
      if (mode === null) return found('Key file', 'warn', `${path} is not there yet; the first start makes it`)
      return found(
        'Key file',
        (mode & 0o077) !== 0,
        (mode & 0o077) !== 0
          ? `others may read ${path}. Run: chmod 600 ${path}`
          : `${path}, readable by its owner only`,
      )
    },
    'Free disk': async () => {
      const { bavail, bsize } = await statfs(config.dataDir)
      const gigabytes = (bavail * bsize) / 1e9
      return found(
        'Free disk',
        gigabytes < 1 ? true : gigabytes < 5 && 'warn',
        `${gigabytes.toFixed(1)} GB${gigabytes < 5 ? '; make room, a full disk stops everything' : ''}`,
      )
    },
    Doors: () => checkDoors(config, running),
    Port: async () => {
      if (running && config.databaseUrl === null) return found('Port', false, `${config.port}, the program runs`)
      const free = await portProblem(config.port, config.host)
      const taken = free === 'EADDRINUSE'
      return found(
        'Port',
        free === null ? false : taken ? 'warn' : true,
        free === null
          ? `${config.port} is free`
          : taken
            ? `${config.port} is taken: by Rapport itself, or set PORT`
            : `${config.host}:${config.port} can't be listened on (${free})`,
      )
    },
  }
}

/** What the database says. */
export function databaseChecks(owner: pg.Client, ownerUrl: string, config: Config): Record<string, Check> {
  const one = async (text: string, values: unknown[] = []) =>
    (await owner.query(text, values)).rows[0] as Record<string, never>
  return {
    Database: async () => {
      const version = String((await one(`select current_setting('server_version') as version`))['version'])
      const old = Number.parseInt(version, 10) < 16
      return found('Database', old, `PostgreSQL ${version}${old ? '; Rapport needs 16 or newer' : ''}`)
    },
    Roles: () => checkRoles(owner, ownerUrl),
    Migrations: async () => {
      const { yes } = await one(`select to_regclass('public.migrations') is not null as yes`)
      if (!yes) return found('Migrations', 'warn', 'none applied yet; npm start does it')
      const applied = new Set(
        (await owner.query<{ name: string }>('select name from migrations')).rows.map(({ name }) => name),
      )
      const known = (await readMigrations()).map(({ name }) => name)
      const pending = known.filter((name) => !applied.has(name))
      const newer = [...applied].filter((name) => !known.includes(name))
      if (newer.length > 0)
        return found(
          'Migrations',
          true,
          `the database is newer than this Rapport (${newer.join(', ')}): run that version`,
        )
      return found(
        'Migrations',
        pending.length > 0 && 'warn',
        pending.length > 0
          ? `${pending.length} pending (${pending.join(', ')}): npx rapport migrate`
          : `${applied.size} applied`,
      )
    },
    'Tenants apart': async () => {
      const { rows } = await owner.query<{
        name: string
      }>(`select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'workspace_id' and not c.relrowsecurity`)
      return found(
        'Tenants apart',
        rows.length > 0,
        rows.length > 0
          ? `row-level security is off on ${rows.map(({ name }) => name).join(', ')}. Restore a backup; do not go on`
          : 'row-level security is on wherever rows have a workspace',
      )
    },
    Partitions: async () => {
      const { rows } = await owner.query<{ parent: string; until: string | null }>(`select p.relname as parent,
          (select max(substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''(\\d{4}-\\d{2}-\\d{2})')) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = p.oid) as until
        from pg_class p where p.relnamespace = 'public'::regnamespace and p.relkind = 'p'`)
      const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
      const short = rows.filter(({ until }) => until === null || until < soon)
      return found(
        'Partitions',
        short.length > 0 && 'warn',
        short.length > 0
          ? `${short.map(({ parent, until }) => `${parent} until ${until ?? 'never'}`).join(', ')}: a start of the program makes more`
          : `made ahead until ${rows.map(({ until }) => String(until)).sort()[0] ?? 'now'}`,
      )
    },
    Clock: async () => {
      const before = Date.now()
      const { ms } = await one(`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`)
      const off = Math.abs(Number(ms) - (before + Date.now()) / 2)
      return found(
        'Clock',
        off > 30_000 ? true : off > 2000 && 'warn',
        `${(off / 1000).toFixed(1)} s between this machine and the database${off > 2000 ? ': set both by NTP' : ''}`,
      )
    },
    Keys: () => checkKeys(owner, config),
    Search: async () => {
      const { rows } = await owner.query<{ name: string }>(
        `select n.name from unnest(array['pg_trgm', 'unaccent', 'btree_gin']) as n (name) where not exists (select from pg_extension where extname = n.name)`,
      )
      if (rows.length > 0)
        return found(
          'Search',
          true,
          `extensions are missing: ${rows.map(({ name }) => name).join(', ')}. Run as superuser: ${rows.map(({ name }) => `create extension ${name};`).join(' ')}`,
        )
      const { word } = await one(`select fold_text('Grüße') as word`)
      return found(
        'Search',
        word !== 'gruße' && word !== 'grusse',
        `accents are folded (Grüße is found as ${String(word)})`,
      )
    },
  }
}

/** Where the owner may not create roles, the SQL for somebody who may. */
async function checkRoles(owner: pg.Client, ownerUrl: string): Promise<Finding[]> {
  const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1)) || 'postgres'
  const login = loginRoleName(database)
  const { rows } = await owner.query<{ name: string }>(
    `select n.name from unnest($1::text[]) as n (name) where not exists (select from pg_roles where rolname = n.name)`,
    [['rapport_app', 'rapport_system', login]],
  )
  const { rows: able } = await owner.query<{ may: boolean }>(
    'select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user',
  )
  const missing = rows.map(({ name }) => name)
  if (missing.length === 0) return found('Roles', false, `rapport_app, rapport_system and ${login} are there`)
  if (able[0]?.may) return found('Roles', 'warn', `${missing.join(', ')} not made yet; npm start does it`)
  const statements = [
    ...['rapport_app', 'rapport_system']
      .filter((name) => missing.includes(name))
      .map((name) => `create role ${name} nologin`),
    ...loginRoleStatements(database, 'CHOOSE-A-PASSWORD'),
  ]
  return found(
    'Roles',
    true,
    `the user of DATABASE_URL may not create roles. Let an administrator of the database run:\n${statements.map((one) => `    ${one};`).join('\n')}`,
  )
}

async function checkKeys(owner: pg.Client, config: Config): Promise<Finding[]> {
  const { rows: root } = await owner.query(`select to_regclass('public.keyring_root') is not null as yes`)
  if (!root[0].yes || (await owner.query('select from keyring_root')).rowCount === 0)
    return found('Keys', 'warn', 'nothing is sealed yet')
  const keyring = await openKeyring({
    secretKey: config.secretKey ?? undefined,
    directory: config.dataDir,
    rootStore: rootIn(owner),
  })
  let [opened, old, bad] = [0, 0, 0]
  for (const { table, column } of await sealedColumns(owner)) {
    const { rows } = await owner.query<{ sealed: string }>(
      `select ${column} as sealed from ${table} where ${column} like 'v1.%' limit 1000`,
    )
    for (const { sealed } of rows) {
      try {
        if (needsRewrap(keyring, sealed)) {
          rewrap(keyring, sealed)
          old += 1
        }
        opened += 1
      } catch {
        bad += 1
      }
    }
  }
  if (bad > 0)
    return found(
      'Keys',
      true,
      `${bad} stored secrets do not open with the keys that are here: bring back the old keyring.json or SECRET_KEY`,
    )
  return found(
    'Keys',
    old > 0 && 'warn',
    `${opened} stored secrets open${old > 0 ? `, ${old} of them with an old key: npx rapport rotate-key` : ''}`,
  )
}
