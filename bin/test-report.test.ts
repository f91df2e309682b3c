import { expect, it } from 'vitest'
import { readTestReport } from './test-report.ts'

it('counts tests, names what was left out or passed at the second try only, and takes a file that broke before its tests for a failure', () => {
  const test = (fullName: string, status: string, failureMessages: string[] = []) => ({
    fullName,
    status,
    failureMessages,
  })
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
      { name: '/r/e.test.ts', status: 'passed', assertionResults: [test('six', 'passed', ['late'])] },
    ],
  }
  expect(readTestReport(JSON.stringify(report), '/r')).toEqual({
    passed: 2,
    failed: 3,
    skipped: ['a.test.ts: two (needs root)', 'd.test.ts: five'],
    unsteady: ['e.test.ts: six'],
  })
})
