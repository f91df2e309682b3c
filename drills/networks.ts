// What goes wrong on the open networks, by name: the tests in which their small servers do it, counted. The networks are played in
// the tests' own process, so this says nothing of a killed program; `kill-mail` and `poll` do.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { equal, type Line } from './count.ts'
import type { Drill } from './run.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Each with what its tests are called by. */
const troubles: Readonly<Record<string, RegExp>> = {
  'a token or password revoked': /revoked|taken back|withdrawn/,
  'too many requests (429)': /rate limit|a limit is kept/,
  'half a thread posted': /half a thread/,
  'an hour without a stream, or of silence': /for an hour|hour of silence/,
  'edits and deletions that race': /overtakes its post|during an outage|doubled and reordered|a deleted post/,
  'an answer lost on the way: no double': /lost answer|whose answer was lost|never came|never got it/,
  'two nodes that renew one leave': /for two nodes|two nodes renew/,
}

const files = [
  'channels/mastodon/stream.test.ts',
  'channels/mastodon/refusals.test.ts',
  'channels/mastodon/poll.test.ts',
  'channels/mastodon/send.test.ts',
  'channels/bluesky/poll.test.ts',
  'channels/bluesky/send.test.ts',
  'channels/bluesky/chat.test.ts',
  'channels/bluesky/session.test.ts',
  'channels/bluesky/oauth.test.ts',
  'domains/inbox/server/chains.test.ts',
  'domains/connections/server/renewing.test.ts',
]

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

export const networks: Drill = {
  summary: 'Mastodon and Bluesky: revoked, limited, dropped, reordered, half posted, lost on the way',
  rounds: 1,
  smoke: 1,
  async run({ rounds, say }) {
    const lines: Line[] = []
    for (let round = 1; round <= rounds; round++) {
      const tests = await runTests()
      for (const [what, name] of Object.entries(troubles)) {
        const of = tests.filter(({ fullName }) => name.test(fullName))
        const passed = of.filter(({ status }) => status === 'passed')
        for (const { fullName } of of.filter((one) => !passed.includes(one))) say(`failed: ${fullName}`)
        lines.push(equal(what, passed.length, Math.max(1, of.length)))
      }
    }
    return lines
  },
}

async function runTests() {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-drill-'))
  const output = join(folder, 'report.json')
  try {
    const manifest = createRequire(import.meta.url).resolve('vitest/package.json')
    const args = ['run', '--project', 'unit', '--reporter=json', `--outputFile=${output}`, ...files]
    const child = spawn(process.execPath, [join(dirname(manifest), 'vitest.mjs'), ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await new Promise((resolve) => child.once('exit', resolve))
    const { testResults } = JSON.parse(await readFile(output, 'utf8')) as Report
    return testResults.flatMap(({ assertionResults }) => assertionResults)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
