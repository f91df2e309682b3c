// House rules over the text of the whole tree, and the manners of package.json and its lock.
import { describe, expect, test } from 'vitest'
import { rows } from './domains.ts'
import {
  bytesOf,
  code,
  exists,
  files,
  importsOf,
  isConfig,
  isTest,
  linesWith,
  nameOf,
  read,
  readJson,
  under,
  withoutComments,
} from './source-tree.ts'

// The rules below name what they forbid.
const self = ['house.test.ts', 'architecture.test.ts']
const others = code.filter((path) => !self.includes(path))

describe('a file', () => {
  test('has at most 400 lines, and those over 300 are named', () => {
    const written = [...code, ...files.filter((path) => path.endsWith('.css'))]
    const sizes = written.map((path) => ({ path, lines: read(path).trimEnd().split('\n').length }))
    const long = sizes.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path} has ${lines} lines`)
    if (long.length > 0) console.warn(`to be split by noun soon:\n  ${long.join('\n  ')}`)
    expect(sizes.filter(({ lines }) => lines > 400)).toEqual([])
  })

  test('passes nothing on wholesale, save a contract.ts its own parts', () => {
    const findings = others.flatMap((path) => {
      const own = /^domains\/[^/]+\/contract\.ts$/.test(path)
      const found = linesWith(path, withoutComments(read(path)), /^\s*export\s*(?:type\s*)?\*/)
      return own ? found.filter((line) => !/from '\.\/contract\//.test(line)) : found
    })
    expect(findings).toEqual([])
  })

  test('switches a lint rule off only with a reason behind two dashes', () => {
    const bare = /(?:oxlint|eslint)-disable(?!.*\s--\s+\S)/
    expect(others.flatMap((path) => linesWith(path, read(path), bare))).toEqual([])
  })

  test('gives each open task the number of its issue', () => {
    const bare = /(?:\/\/|\/\*|^\s*\*).*\bTODO\b(?!\(#\d+\):)/
    expect(others.flatMap((path) => linesWith(path, read(path), bare))).toEqual([])
  })

  test('takes settings from platform/config, never from the environment itself', () => {
    const free = (path: string) =>
      isTest(path) || isConfig(path) || /^platform\/(?:config|testing)|^(?:bin|bench|drills|\.ci)\//.test(path)
    const findings = others
      .filter((path) => !free(path))
      .flatMap((path) => linesWith(path, withoutComments(read(path)), /\bprocess\s*\.\s*env\b(?!\.PATH\b)/))
    expect(findings).toEqual([])
  })

  test('of a domain takes the time from the clock it is given', () => {
    const findings = others
      .filter((path) => /^domains\/[^/]+\/server\//.test(path) && !isTest(path))
      .flatMap((path) => linesWith(path, withoutComments(read(path)), /\bDate\.now\(\)|\bnew Date\(\)/))
    expect(findings).toEqual([])
  })

  test('that makes rows for tests is used by tests, benches and drills only', () => {
    const users = others.filter(
      (path) => !isTest(path) && !isConfig(path) && !/^(?:bench|drills|e2e)\/|\/(?:factories|testing)/.test(path),
    )
    expect(users.filter((path) => /\/factories\.ts'/.test(read(path)))).toEqual([])
  })

  test('names no registry and no second author', () => {
    const forbidden =
      /\bregistry[.][a-z0-9.-]+[.](?:org|com|net|io|dev|cloud)\b|npmmirror|verdaccio|artifactory|_authToken|^\s*registry\s*=|co-authored[-]by/i
    const findings = files
      .filter((path) => !self.includes(path) && !/\.(?:png|jpe?g|gif|webp|ico|woff2?|gz|zip|pdf|mp4)$/.test(path))
      .filter((path) => bytesOf(path) < 4_000_000)
      .flatMap((path) => linesWith(path, read(path), forbidden))
    expect(findings).toEqual([])
  })
})

describe('a library', () => {
  const users = (library: string): string[] =>
    others.filter(
      (path) => !isTest(path) && importsOf(path).some(({ specifier }) => `${specifier}/`.startsWith(`${library}/`)),
    )

  test('for signing in is known to one folder', () => {
    const folders = [...users('better-auth'), ...users('@better-auth')].map((path) =>
      path.slice(0, path.lastIndexOf('/')),
    )
    expect(new Set(folders).size).toBeLessThanOrEqual(1)
  })

  test('for jobs or scale-out is known to platform only', () => {
    const found = [...users('graphile-worker'), ...users('@nats-io')]
    expect(found.filter((path) => !/^(?:platform|bench|drills)\//.test(path))).toEqual([])
  })
})

describe('a migration', () => {
  const migrations = under('migrations').map(nameOf)

  test('is called timestamp_domain_what.sql, with a real time that no other has', () => {
    const findings = migrations.filter((name) => {
      const stamp = /^(\d{14})_([a-z-]+)_[a-z_]+\.sql$/.exec(name)
      if (stamp === null) return true
      const iso = (stamp[1] ?? '').replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z')
      return Number.isNaN(Date.parse(iso)) || ![...rows.flat(), 'platform'].some((name) => name === stamp[2])
    })
    expect(findings).toEqual([])
    const stamps = migrations.map((name) => name.slice(0, 14))
    expect(stamps.length).toBe(new Set(stamps).size)
  })

  test('leaves the time to the program', () => {
    const findings = under('migrations').flatMap((path) =>
      read(path)
        .replace(/--.*$/gm, '')
        .split(';')
        .filter((statement) => /default\s+\(?(?:now\s*\(|current_timestamp|clock_timestamp)/i.test(statement))
        .filter((statement) => !/\btable\s+(?:if\s+not\s+exists\s+)?"?auth"?\./i.test(statement))
        .map((statement) => `${path}: ${statement.trim().split('\n')[0]}`),
    )
    expect(findings).toEqual([])
  })
})

describe('package.json', () => {
  const manifest = readJson('package.json') as Record<string, Record<string, string> | undefined>
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides'] as const
  const direct = kinds.flatMap((kind) => Object.entries(manifest[kind] ?? {}))

  test('names exact versions', () => {
    const exact = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/
    expect(
      direct.filter(([, version]) => typeof version === 'string' && !exact.test(version.replace(/^npm:.+@/, ''))),
    ).toEqual([])
  })

  test('has a reason for each package in docs/dependencies.md', () => {
    const page = 'docs/dependencies.md'
    const told = exists(page) ? read(page).split(/[\s`|,()]+/) : direct.map(([name]) => name)
    expect(direct.map(([name]) => name).filter((name) => !told.includes(name))).toEqual([])
  })

  test('has a lock with a checksum and no address for each package', () => {
    interface Locked {
      readonly resolved?: string
      readonly integrity?: string
      readonly link?: boolean
      readonly inBundle?: boolean
    }
    const locked = Object.entries(readJson('package-lock.json').packages as Record<string, Locked>)
    const installed = locked.filter(([path]) => path !== '')
    expect(installed.length).toBeGreaterThan(direct.length / 2)
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
    const bare = installed.filter(([, { integrity, link, inBundle }]) => !integrity && !link && !inBundle)
    expect(bare.map(([path]) => path)).toEqual([])
  })
})
