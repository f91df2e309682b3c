import { relative } from 'node:path'

/** What came of a step: how many checks passed and failed, and a line for each that was left out. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
  /** Tests that failed at first and passed when they were tried again: on a busy machine, or by a defect that shows now and then. */
  readonly unsteady: readonly string[]
}

export const nothing: Outcome = { passed: 0, failed: 0, skipped: [], unsteady: [] }

export function addOutcome(a: Outcome, b: Outcome): Outcome {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
    unsteady: [...a.unsteady, ...b.unsteady],
  }
}

interface TestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      /** Of every try, those before one that passed too. */
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/**
 * Counts the tests in Vitest's JSON report. A file that failed before its tests could be told (a broken
 * import, a hook) counts as one failure: it must not look like a file without tests.
 */
export function readTestReport(json: string, root: string): Outcome {
  const { testResults } = JSON.parse(json) as TestReport
  let total = nothing
  for (const file of testResults) {
    const tests = file.assertionResults
    const named = ({ fullName }: { readonly fullName: string }) => `${relative(root, file.name)}: ${fullName}`
    const failures = tests.filter(({ status }) => status === 'failed').length
    total = addOutcome(total, {
      passed: tests.filter(({ status }) => status === 'passed').length,
      failed: failures === 0 && file.status === 'failed' ? 1 : failures,
      skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(named),
      unsteady: tests
        .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
        .map(named),
    })
  }
  return total
}
