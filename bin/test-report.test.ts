import { expect, it } from 'vitest'
import { readTestReport } from './test-report.ts'

it('counts tests, names what was left out, and takes a file that broke before its tests for a failure', () => {
  const test = (fullName: string, status: string) => ({ fullName, status })
  const report = {
    testResults: [
      {
        name: '/r/a.test.ts',
        status: 'passed',
        assertionResults: [test('one', 'passed'), test('two (needs root)', 'pending')],
      },
      { name: '/r/b.test.ts', status: 'failed', assertionResults: [test('three', 'failed'), test('four', 'failed')] },
      { name: '/r/c.test.ts', status: 'failed', assertionResults: [] },
      { name: '/r/d.test.ts', status: 'passed', assertionResults: [test('five', 'todo')] },
    ],
  }
  expect(readTestReport(JSON.stringify(report), '/r')).toEqual({
    passed: 1,
    failed: 3,
    skipped: ['a.test.ts: two (needs root)', 'd.test.ts: five'],
  })
})
