import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const program = join(import.meta.dirname, '../rapport.ts')
const folder = mkdtempSync(join(tmpdir(), 'rapport-assess-'))

function assess(input: string, ...args: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, 'assess', ...args], {
    input,
    encoding: 'utf8',
  })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return { assessments: lines.map((line) => JSON.parse(line) as Record<string, unknown>), stderr, status }
}

const lines = (...rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

describe('rapport assess', () => {
  test('writes one assessment a line, without a database', () => {
    const { assessments, status } = assess(
      lines({ text: 'worst service ever, I want my refund' }, { text: '' }, { text: '😀 \ud800' }),
    )
    expect(status).toBe(0)
    expect(assessments).toHaveLength(3)
    expect(assessments[0]).toMatchObject({ language: 'en', intent: 'complaint', sentiment: { label: 'negative' } })
  })

  test('names the lines that it can not read and goes on', () => {
    const { assessments, stderr, status } = assess(
      `${lines({ text: 'hi' })}{"text":\n${lines({ words: 1 }, { text: 'thanks' })}`,
    )
    expect(assessments).toHaveLength(2)
    expect(stderr).toMatch(/line 2: .*\n.*line 3: /)
    expect(status).toBe(1)
  })

  test('learns first from what it is given, and says which line of that is wrong', () => {
    const file = join(folder, 'corrections.jsonl')
    const taught = Array.from({ length: 30 }, (_, i) => ({
      text: `the gribble ${i} again`,
      sentiment: i % 3 === 0 ? 'positive' : 'negative',
    }))
    const told = taught.map(({ text, sentiment }) => ({
      text: sentiment === 'positive' ? text.replace('gribble', 'snorble') : text,
      sentiment,
    }))
    writeFileSync(file, lines(...told))
    const { assessments } = assess(
      lines({ text: 'the gribble 77 again' }, { text: 'the snorble 77 again' }),
      '--learn',
      file,
    )
    const [gribble, snorble] = assessments.map(
      ({ sentiment }) => (sentiment as { probabilities: Record<string, number> }).probabilities,
    )
    expect(gribble!['negative']).toBeGreaterThan(snorble!['negative']!)
    writeFileSync(file, '{"text":"a","sentiment":"positive"}\n{"text":"b","sentiment":"good"}\n')
    const wrong = assess('', '--learn', file)
    expect(wrong.stderr).toContain('line 2')
    expect(wrong.status).toBe(1)
  })
})
