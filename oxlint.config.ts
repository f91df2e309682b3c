// Turns the table in domains.ts into rules of eslint-plugin-boundaries, which oxlint loads as a JS plugin.
//   platform          uses nothing above it
//   channels/<id>     uses platform and channels/connector, never a domain, never another channel
//   domain contract   uses contracts of lower domains, and what of platform is safe in a browser
//   domain server     uses its own contract, `server/index.ts` and contract of lower domains, platform
//   domain web        uses its own contract, contract and `web/index.ts` of lower domains, web/ui, the browser-safe platform
//   web (the shell)   uses every domain's web and contract; widget only webchat's contract
//   bin, portal, e2e, bench, drills  use every domain's `server/index.ts` and contract, platform, channels
// canary/ proves that these rules still see. What no rule here can say is checked by architecture.test.ts.
import { builtinModules } from 'node:module'
import { defineConfig } from 'oxlint'
import { type DomainName, mayImport, mayUseChannels } from './domains.ts'

const el = (type: string | string[], name?: readonly string[]) => ({
  element: { type, ...(name && { captured: { name: [...name] } }) },
})
const file = (category: string | string[], type: string | string[], name?: readonly string[]) => ({
  ...el(type, name),
  file: { categories: category },
})

const connector = file('connector', 'channels')

function policiesOf(name: DomainName) {
  const lower = mayImport[name]
  const own = [name]
  const channels = mayUseChannels.includes(name)
  return [
    { from: el(['server', 'web'], own), allow: { to: el('contract', own) } },
    ...(lower.length === 0
      ? []
      : [
          { from: el(['server', 'web', 'contract'], own), allow: { to: file('public', 'contract', lower) } },
          { from: el('server', own), allow: { to: file('public', 'server', lower) } },
          { from: el('web', own), allow: { to: file('public', 'web', lower) } },
        ]),
    ...(channels
      ? [
          { from: el(['server', 'contract'], own), allow: { to: connector } },
          { from: el('server', own), allow: { to: file('registry', 'channels') } },
        ]
      : []),
  ]
}

const browserTypes = ['contract', 'web', 'ui', 'shell', 'widget']
const tops = ['bin', 'portal', 'e2e', 'bench', 'drills']
const policies = [
  // The ground.
  { from: el(['channels', 'channel', 'server', ...tops]), allow: { to: el('platform') } },
  { from: el(browserTypes), allow: { to: file('browser-safe', 'platform') } },
  // platform/contract serves both sides of the wire: `implement` is the server's half.
  { from: el(browserTypes), disallow: { to: file('server-half', 'platform') } },
  // Channels.
  { from: el('channel'), allow: { to: connector } },
  { from: file(['test', 'double'], 'channel'), allow: { to: file('conformance', 'channels') } },
  { from: file('registry', 'channels'), allow: { to: file('public', 'channel') } },
  // Domains.
  ...(Object.keys(mayImport) as DomainName[]).flatMap(policiesOf),
  { from: el(['web', 'shell']), allow: { to: el('ui') } },
  // What stands on top of them.
  { from: el('shell'), allow: { to: el('web') } },
  { from: el('shell'), allow: { to: file('public', 'contract') } },
  { from: el('widget'), allow: { to: file('public', 'contract', ['webchat']) } },
  { from: el(tops), allow: { to: file('public', ['server', 'contract']) } },
  { from: el(tops), allow: { to: el('channels') } },
  // They play the other side of a channel, and sign as it does.
  { from: el(['e2e', 'bench', 'drills']), allow: { to: el('channel') } },
  // The demo runs the small networks that the channels' own tests run.
  { from: el('bin'), allow: { to: file('double', 'channel') } },
  { from: el(['bin', 'e2e', 'bench', 'drills']), allow: { to: el('portal') } },
  { from: el(['e2e', 'bench', 'drills']), allow: { to: el('bin') } },
]

const folder = (type: string, pattern: string) => ({
  type,
  pattern,
  partialMatch: false,
  ...(pattern.includes('*') && { capture: ['name'] }),
})

const browserFiles = [
  'web/**',
  'widget/**',
  'domains/*/web/**',
  'domains/*/contract.ts',
  'domains/*/contract/**',
  'platform/browser/**',
  'platform/contract/kernel.ts',
  'platform/contract/client.ts',
  'platform/http/sanitise.ts',
]
const serverPackages = [
  'pg',
  'fastify',
  '@fastify',
  'kysely',
  'graphile-worker',
  'pino',
  'undici',
  'sharp',
  'nodemailer',
]
// By expression, not by `group`: that matches like .gitignore and would take `../events` for the builtin `events`.
const builtins = builtinModules.filter((name) => /^[a-z0-9_]+$/.test(name))
const serverOnly = `^(?:node:|(?:${[...builtins, ...serverPackages].join('|')})(?:/|$))`
const configFiles = ['**/*.config.ts', '**/*.config.mts']
const testFiles = ['**/*.test.ts', '**/*.test.tsx', '**/*.e2e.ts']

export default defineConfig({
  plugins: ['eslint', 'oxc', 'unicorn', 'import', 'typescript', 'react', 'jsx-a11y', 'vitest'],
  jsPlugins: ['eslint-plugin-boundaries'],
  ignorePatterns: ['canary/**', '**/dist/**', 'data/**', 'data-demo/**', '**/*.gen.ts', '**/fixtures/**'],
  settings: {
    // Without a resolver the plugin silently takes every local import for an unknown file and allows it.
    'import/resolver': { oxc: {} },
    'boundaries/root-path': import.meta.dirname,
    'boundaries/dependency-nodes': ['require', 'import', 'dynamic-import', 'export'],
    'boundaries/elements': [
      // The first pattern that fits decides: what lies inside another comes before it.
      folder('platform', 'platform'),
      folder('channel', 'channels/*'),
      folder('channels', 'channels'),
      folder('server', 'domains/*/server'),
      folder('web', 'domains/*/web'),
      folder('contract', 'domains/*'),
      folder('ui', 'web/ui'),
      folder('shell', 'web'),
      folder('widget', 'widget'),
      ...tops.map((name) => folder(name, name)),
    ],
    'boundaries/files': [
      {
        category: 'public',
        pattern: [
          'domains/*/contract.ts',
          'domains/*/server/index.ts',
          // Makers of rows for tests; house.test.ts keeps everything else from using them.
          'domains/*/server/factories.ts',
          'domains/*/web/index.ts',
          'domains/*/web/index.tsx',
          'channels/*/index.ts',
        ],
      },
      { category: 'connector', pattern: 'channels/connector.ts' },
      { category: 'conformance', pattern: 'channels/conformance.ts' },
      { category: 'registry', pattern: 'channels/all.ts' },
      { category: 'test', pattern: 'channels/*/*.test.ts' },
      { category: 'double', pattern: 'channels/*/testing/**' },
      {
        category: 'browser-safe',
        pattern: ['platform/contract/**', 'platform/browser/**', 'platform/http/sanitise.ts'],
      },
      { category: 'server-half', pattern: 'platform/contract/implement*' },
    ],
  },
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    // Flags that a callback changes look unmodified to it.
    'eslint/no-unmodified-loop-condition': 'off',
    // Takes every `postMessage` for a window's, and every route for Express's.
    'unicorn/require-post-message-target-origin': 'off',
    'oxc/no-async-endpoint-handlers': 'off',
    // Screens with one form begin in its first field.
    'jsx-a11y/no-autofocus': 'off',
    'unicorn/no-useless-spread': 'off',
    // A table's cell is a function of its row, no component.
    'react/no-unstable-nested-components': 'off',
    // Screens follow what lies outside React (streams, clocks, storage); that is what effects are for.
    'react/set-state-in-effect': 'off',
    'boundaries/dependencies': ['error', { default: 'disallow', checkUnknownLocals: true, policies }],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'import/no-duplicates': 'error',
    'eslint/max-lines': ['error', { max: 400 }],
    'eslint/no-console': 'error',
    'eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' }],
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    'eslint/eqeqeq': ['error', 'always', { null: 'ignore' }],
    'eslint/no-warning-comments': ['error', { terms: ['fixme', 'hack', 'xxx'], location: 'start' }],
    'typescript/no-explicit-any': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/parameter-properties': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    'react/rules-of-hooks': 'error',
    'react/exhaustive-deps': 'error',
    'vitest/no-focused-tests': 'error',
    'vitest/no-disabled-tests': 'error',
    // Vitest's second argument says what was expected, in words.
    'vitest/valid-expect': ['error', { maxArgs: 2 }],

    // Off: right for others, noise or wrong here.
    'vitest/expect-expect': 'off', // it does not look into `for … of`
    'vitest/no-conditional-expect': 'off', // properties and platforms branch
    'import/no-unassigned-import': 'off', // style sheets
    'import/no-named-as-default': 'off', // pg, pino and others offer both
    'import/no-named-as-default-member': 'off', // and Node sees only the default of some
    'import/no-empty-named-blocks': 'off', // `import type {} from` brings a package's declarations
    'unicorn/require-module-specifiers': 'off', // the same
    'unicorn/no-array-sort': 'off', // most arrays here are made on the spot
    'unicorn/consistent-function-scoping': 'off', // a helper stands beside its one use
    'eslint/no-shadow': 'off',
    'eslint/no-underscore-dangle': 'off',
    'eslint/no-await-in-loop': 'off', // order is often the point
    'react/react-in-jsx-scope': 'off',
    'react/memo-dependencies': 'off', // exhaustive-deps says it already
    'react/exhaustive-effect-dependencies': 'off', // the same
    'react/immutability': 'off', // the React compiler is not in use
    'jsx-a11y/no-noninteractive-tabindex': 'off', // a region that scrolls must take the keyboard's focus
    'jsx-a11y/prefer-tag-over-role': 'off', // `role="status"` is the plain way to a live region
  },
  overrides: [
    // `useDatabase` and its like are a test file's own fixtures, no hooks.
    {
      files: [...testFiles, 'bench/**', 'drills/**', 'bin/**'],
      rules: { 'react/rules-of-hooks': 'off', 'react-hooks/rules-of-hooks': 'off' },
    },
    {
      files: ['bin/**', 'bench/**', 'drills/**', 'e2e/**', '.ci/**', ...testFiles],
      rules: { 'eslint/no-console': 'off' },
    },
    { files: configFiles, rules: { 'import/no-default-export': 'off' } },
    {
      files: browserFiles,
      excludeFiles: [...testFiles, ...configFiles],
      rules: {
        'eslint/no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                regex: serverOnly,
                message: 'This file runs in browsers: nothing of Node or of the server may reach it.',
              },
            ],
          },
        ],
      },
    },
  ],
})
