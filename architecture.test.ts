// What ARCHITECTURE.md says of the tree and no lint rule can: table and folders, tables and their owners, events and
// their README, channels and their register. The findings are sentences; an empty list passes.
import { execFileSync } from 'node:child_process'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type DomainName, mayImport, mayUseChannels, planned, readWidely, rows } from './domains.ts'
import {
  code,
  exists,
  files,
  foldersIn,
  importsOf,
  isConfig,
  isTest,
  read,
  root,
  under,
  withoutComments,
} from './source-tree.ts'

const listed: readonly string[] = rows.flat()
const domains = foldersIn('domains')
const channels = foldersIn('channels')
const domainOf = (path: string): string | undefined => /^domains\/([^/]+)\//.exec(path)?.[1]
const below = (name: string): readonly string[] => mayImport[name as DomainName] ?? []

describe('the table of domains', () => {
  test('every folder in domains/ is in the table, and every name in the table has a folder or is planned', () => {
    const unlisted = domains.filter((name) => !listed.includes(name)).map((name) => `domains/${name} is not in rows`)
    const absent = listed
      .filter((name) => !domains.includes(name) && !planned.some((other) => other === name))
      .map((name) => `${name} has no folder and is not planned`)
    const built = planned
      .filter((name) => domains.includes(name))
      .map((name) => `${name} is built: strike it from planned`)
    expect([...unlisted, ...absent, ...built]).toEqual([])
  })

  test('every name stands once, and no two domains can import each other', () => {
    expect(listed.length).toBe(new Set(listed).size)
    const pairs = listed.flatMap((name) => below(name).map((other) => [name, other] as const))
    expect(pairs.filter(([name, other]) => below(other).includes(name))).toEqual([])
  })

  test('intake is imported by nobody', () => {
    expect(listed.filter((name) => below(name).includes('intake'))).toEqual([])
  })

  test('only listed domains call channels', () => {
    expect(mayUseChannels.filter((name) => !listed.includes(name))).toEqual([])
  })

  test('the linter flags exactly the planted breaches', { timeout: 60_000 }, () => {
    const told = execFileSync(process.execPath, [join(root, 'canary/check.ts')], { encoding: 'utf8' })
    expect(told).toMatch(/^canary: \d+ planted breaches flagged/)
  })

  test('every folder with programs in it is known to the linter', () => {
    const known = [
      'platform',
      'channels',
      'domains',
      'web',
      'widget',
      'bin',
      'portal',
      'e2e',
      'bench',
      'drills',
      '.ci',
      'docs',
    ]
    const tops = code.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/')))
    expect([...new Set(tops)].filter((name) => !known.includes(name))).toEqual([])
  })
})

describe('a domain', () => {
  test('holds only the permitted kinds at its top', () => {
    const kind = /^domains\/[^/]+\/(?:README\.md|contract\.ts|(?:contract|server|web)\/.+)$/
    expect(under('domains').filter((path) => !kind.test(path))).toEqual([])
  })

  test('has a README of at most 25 lines', () => {
    const findings = domains.flatMap((name) => {
      const path = `domains/${name}/README.md`
      if (!exists(path)) return [`${path} is missing`]
      const lines = read(path).trimEnd().split('\n').length
      return lines > 25 ? [`${path} has ${lines} lines`] : []
    })
    expect(findings).toEqual([])
  })

  test('documents every event of its contract in its README, and names it after itself', () => {
    const contracts = code.filter((path) => /^domains\/[^/]+\/contract(?:\.ts|\/)/.test(path) && !isTest(path))
    const findings = contracts.flatMap((path) => {
      const name = domainOf(path) ?? ''
      const readme = exists(`domains/${name}/README.md`) ? read(`domains/${name}/README.md`) : ''
      return eventsOf(withoutComments(read(path))).flatMap((event) => [
        ...(new RegExp(`^${name}\\.[a-z_]+$`).test(event)
          ? []
          : [`${path}: ${event} is not called ${name}.what_happened`]),
        ...(readme.includes(event) ? [] : [`${event} is not in domains/${name}/README.md`]),
      ])
    })
    expect(findings).toEqual([])
  })
})

/** Names of the events in every `events({ 'inbox.message_received': … })` of a contract. */
function eventsOf(text: string): string[] {
  return [...text.matchAll(/=\s*events\s*\(\s*\{/g)].flatMap(({ index }) => {
    const open = text.indexOf('{', index)
    let depth = 0
    let end = open
    do {
      if (text[end] === '{') depth += 1
      if (text[end] === '}') depth -= 1
      end += 1
    } while (depth > 0 && end < text.length)
    return [...text.slice(open, end).matchAll(/['"]([a-z-]+\.[a-z_]+)['"]\s*:/g)].map(([, event]) => event ?? '')
  })
}

describe('a channel', () => {
  test('is listed in channels/all.ts', () => {
    const imported = exists('channels/all.ts') ? importsOf('channels/all.ts').map(({ file }) => file) : []
    expect(channels.filter((id) => !imported.includes(`channels/${id}/index.ts`))).toEqual([])
  })

  test('is never asked for by its name outside its own folder', () => {
    const id = `['"](?:${channels.join('|')})['"]`
    const asked = new RegExp(`[!=]==?\\s*${id}|${id}\\s*[!=]==?|\\bcase\\s+${id}`, 'g')
    // `kind === 'email'` may speak of an address and not of the channel: a comment saying so stands on that line.
    const excused = /\/\/.*not a channel/
    const findings = code
      .filter((path) => channels.length > 0 && !isTest(path) && !/(?:^|\/)seed/.test(path))
      .flatMap((path) =>
        read(path)
          .split('\n')
          .flatMap((line, index) => {
            const found = [...withoutComments(line).matchAll(asked)].map(([text]) => /['"](.+)['"]/.exec(text)?.[1])
            const foreign = found.some((name) => !path.startsWith(`channels/${name}/`) && domainOf(path) !== name)
            return foreign && !excused.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : []
          }),
      )
    expect(findings).toEqual([])
  })
})

describe('a table', () => {
  const owners = ownersOfTables()
  const created = tablesOfMigrations()

  test('is owned by exactly one domain or part of platform, the one that its migration names', () => {
    const findings = [...created].flatMap(([table, domain]) => {
      const paths = owners.filter((owner) => owner.owned.includes(table)).map(({ path }) => path)
      if (paths.length === 0) {
        return planned.some((name) => name === domain) ? [] : [`${table} is owned by nobody`]
      }
      const right = paths.length === 1 && (domainOf(paths[0] ?? '') ?? 'platform') === domain
      return right ? [] : [`${table}, made by a migration of ${domain}, is owned by ${paths.join(' and ')}`]
    })
    const unknown = owners.flatMap(({ path, owned }) =>
      owned.filter((table) => !created.has(table)).map((table) => `${path} owns ${table}, which no migration creates`),
    )
    expect([...findings, ...unknown]).toEqual([])
  })

  test('is read only by domains above its owner, or by those that read widely', () => {
    const findings = owners.flatMap(({ path, foreign }) => {
      const reader = domainOf(path)
      if (reader === undefined || readWidely.some((name) => name === reader)) return []
      return foreign.flatMap((table) => {
        const owner = owners.find(({ owned }) => owned.includes(table))
        if (owner === undefined) return [`${path} reads ${table}, which nobody owns`]
        const name = domainOf(owner.path)
        return name === undefined || below(reader).includes(name)
          ? []
          : [`${path} reads ${table}, which belongs to ${name}`]
      })
    })
    expect(findings).toEqual([])
  })

  test('is written only by its owner', () => {
    const writing =
      /\.(?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*['"](\w+)|\b(?:insert into|delete from|merge into)\s+(\w+)/g
    const findings = code
      .filter((path) => /^(?:domains|channels|portal|web)\//.test(path) && !isTest(path))
      .flatMap((path) =>
        [...withoutComments(read(path)).matchAll(writing)].flatMap(([, built, raw]) => {
          const table = snake(built ?? raw ?? '')
          const owner = owners.find(({ owned }) => owned.includes(table))
          const own = owner !== undefined && domainOf(owner.path) === domainOf(path) && domainOf(path) !== undefined
          return own || !created.has(table)
            ? []
            : [`${path} writes ${table}, which belongs to ${owner?.path ?? 'nobody'}`]
        }),
      )
    expect(findings).toEqual([])
  })
})

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/**
 * Tables that stand after all migrations ran, in snake_case, each with the domain whose migration made it. Partitions
 * and the schemas of libraries don't count.
 */
function tablesOfMigrations(): ReadonlyMap<string, string> {
  const name = String.raw`((?:"?\w+"?\.)?"?\w+"?)`
  const change = new RegExp(
    [
      String.raw`\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?${name}(?<part>\s+partition\s+of)?`,
      String.raw`\bdrop\s+table\s+(?:if\s+exists\s+)?${name}`,
      String.raw`\balter\s+table\s+(?:if\s+exists\s+)?${name}\s+rename\s+to\s+${name}`,
    ].join('|'),
    'gi',
  )
  const tables = new Map<string, string>()
  const plain = (sql: string): string => sql.replaceAll('"', '').replace(/^public\./, '')
  const migrations = under('migrations').filter((path) => path.endsWith('.sql'))
  for (const path of migrations.sort()) {
    const domain = path.split('_')[1] ?? ''
    const sql = read(path)
      .replace(/--.*$|\/\*[\s\S]*?\*\//gm, '')
      .replace(/(\$\w*\$)[\s\S]*?\1/g, '')
    for (const match of sql.matchAll(change)) {
      const [, made, , dropped, from, to] = match
      if (made && !match.groups?.['part'] && !/^"?(?:auth|graphile_worker)"?\./.test(made))
        tables.set(plain(made), domain)
      if (dropped) tables.delete(plain(dropped))
      if (from && to && tables.delete(plain(from))) tables.set(plain(to), domain)
    }
  }
  return tables
}

/** What each `tables.ts` says: the first `Pick<DB, …>` is what it owns, the others what it reads of others. */
function ownersOfTables() {
  const paths = files.filter((path) => /^(?:domains\/[^/]+\/server|platform\/.+)\/tables\.ts$/.test(path))
  return paths.map((path) => {
    const picks = [...withoutComments(read(path)).matchAll(/\bPick<\s*DB\s*,([^>]*)>/g)].map(([, members = '']) =>
      [...members.matchAll(/['"](\w+)['"]/g)].map(([, table = '']) => snake(table)),
    )
    return { path, owned: picks[0] ?? [], foreign: picks.slice(1).flat() }
  })
}

describe('code for browsers', () => {
  test('reaches nothing of Node or of the server, however far its imports go', () => {
    const server = new RegExp(`^(?:node:|(?:${[...builtinModules, 'pg', 'fastify', 'kysely'].join('|')})(?:/|$))`)
    const roots = code.filter(
      (path) => /^(?:web|widget)\/|^domains\/[^/]+\/(?:web\/|contract)/.test(path) && !isTest(path) && !isConfig(path),
    )
    const buildTools = new Set(code.filter(isConfig).flatMap((path) => importsOf(path).map(({ file }) => file)))
    const findings: string[] = []
    const seen = new Map<string, string>()
    const queue = roots.filter((path) => !buildTools.has(path)).map((path) => ({ path, way: path }))
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { path, way } = next
      if (seen.has(path) || !code.includes(path)) continue
      seen.set(path, way)
      for (const { specifier, file, typeOnly } of importsOf(path).filter((found) => !found.typeOnly)) {
        if (file !== null && !typeOnly) queue.push({ path: file, way: `${way} → ${file}` })
        else if (server.test(specifier)) findings.push(`${way} → ${specifier}`)
      }
    }
    expect(findings).toEqual([])
  })
})
