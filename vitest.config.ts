import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const globalSetup = './platform/testing/global-setup.ts'
const shared = {
  pool: 'forks' as const,
  // The suite's files share one database server and two cores: what takes a second alone may take many here.
  testTimeout: 90_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 20_000 } },
  ...(existsSync(fileURLToPath(new URL(globalSetup, import.meta.url))) ? { globalSetup } : {}),
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: [
            '{bin,platform,channels,domains,web,widget,portal,canary,bench,drills}/**/*.test.{ts,tsx}',
            '*.test.ts',
          ],
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
})
