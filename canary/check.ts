// Runs the linter over the planted breaches and compares what it flags with what it must flag, file by file.
// A boundary tool that has gone blind still exits 0; this is the proof that it sees.
import { deepEqual } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const planted: Record<string, readonly string[]> = {
  'boundaries(dependencies)': [
    'bin/deep.ts',
    'channels/conformance.ts',
    'channels/mastodon/register.ts',
    'channels/mastodon/sideways.ts',
    'channels/mastodon/upward.ts',
    'domains/customers/contract/higher.ts',
    'domains/customers/contract/server.ts',
    'domains/customers/server/dynamic.ts',
    'domains/customers/server/passed-on.ts',
    'domains/customers/server/type-upward.ts',
    'domains/customers/server/upward.ts',
    'domains/inbox/server/channel-folder.ts',
    'domains/inbox/web/database.ts',
    'domains/inbox/web/implement.ts',
    'domains/inbox/web/own-server.ts',
    'domains/inbox/web/shell.ts',
    'domains/intake/server/narrowed.ts',
    'domains/reports/server/intake.ts',
    'domains/triage/server/channel.ts',
    'domains/triage/server/deep-contract.ts',
    'domains/triage/server/deep.ts',
    'domains/triage/server/screen.ts',
    'domains/triage/server/sideways.ts',
    'domains/triage/server/unlisted.ts',
    'domains/triage/web/deep.ts',
    'platform/channelled.ts',
    'platform/upward.ts',
    'web/server.ts',
    'web/ui/product.ts',
    'widget/inbox.ts',
  ],
  'eslint(no-restricted-imports)': [
    'domains/customers/contract/database.ts',
    'domains/inbox/web/files.ts',
    'platform/browser/builtin.ts',
  ],
  'eslint(no-console)': ['platform/console.ts'],
  'import(no-cycle)': ['platform/cycle-a.ts', 'platform/cycle-b.ts'],
  'import(no-default-export)': ['platform/default.ts'],
  'typescript(no-explicit-any)': ['platform/any.ts'],
  'unicorn(prefer-node-protocol)': ['platform/browser/builtin.ts'],
  'vitest(no-focused-tests)': ['platform/focused.ts'],
}

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[]
}

const here = import.meta.dirname
const root = join(here, '..')
const importsOf = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).imports
deepEqual(importsOf(here), importsOf(root), 'the miniature has the aliases of the real tree')

const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
const run = spawnSync(process.execPath, [oxlint, '-c', join(here, 'miniature.config.ts'), '--format=json', here], {
  cwd: root,
  encoding: 'utf8',
})
if (!run.stdout.startsWith('{')) throw new Error(`oxlint gave no report:\n${run.stdout}${run.stderr}`)

const { diagnostics } = JSON.parse(run.stdout) as Report
const flagged = diagnostics.map(({ code, filename }) => `${filename.replace(/^canary\//, '')}  ${code}`)
const expected = Object.entries(planted).flatMap(([code, files]) => files.map((file) => `${file}  ${code}`))

deepEqual([...new Set(flagged)].sort(), expected.sort())
console.log(`canary: ${expected.length} planted breaches flagged, everything else passed`)
