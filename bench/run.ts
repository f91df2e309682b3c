// npm run bench -- [scenario …] [--scale small|full] [--json FILE]
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { isMet, machine, root, valueOf, type Bench, type Result, type Scale, type Scenario } from './harness.ts'
import { dearestStatements, startServer } from './world.ts'

const SCENARIOS = [
  'accept',
  'receive',
  'visible',
  'list',
  'open',
  'search',
  'triage',
  'realtime',
  'send',
  'start',
  'web',
  'widget',
] as const

export const usage = `[SCENARIO …] [--scale small|full] [--json FILE]: measures; ${SCENARIOS.join(', ')}`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { scale: { type: 'string', default: 'full' }, json: { type: 'string' } },
    allowPositionals: true,
  })
  const scale = values.scale as Scale
  const unknown = positionals.filter((name) => !(SCENARIOS as readonly string[]).includes(name))
  if (unknown.length > 0 || !['small', 'full'].includes(scale)) {
    console.error(`Usage: bench ${usage}`)
    return 2
  }
  const names = positionals.length > 0 ? positionals : SCENARIOS
  const kept = process.env['BENCH_DATA'] ?? join(root, 'data/bench')
  const results: Result[] = []
  let failed = 0
  await using server = await startServer(kept)
  for (const name of names) {
    const bench: Bench = {
      scale,
      pick: (small, full) => (scale === 'small' ? small : full),
      server,
      keptDirectory: kept,
      say: (line) => console.log(`  ${line}`),
    }
    console.log(`\n${name}`)
    const began = performance.now()
    try {
      const scenario = ((await import(`./${name}.ts`)) as Record<string, Scenario>)[name]!
      const measured = await scenario(bench)
      const seconds = Math.round((performance.now() - began) / 100) / 10
      const result: Result = { scenario: name, scale, seconds, ...measured, machine: machine() }
      results.push(result)
      failed += print(result)
      for (const line of await dearestStatements(server)) console.log(`  ${line}`)
    } catch (error) {
      failed += 1
      console.error(`  ${name} could not be measured:`, error)
    }
  }
  if (values.json !== undefined) {
    await mkdir(dirname(join(process.cwd(), values.json)), { recursive: true }).catch(() => {})
    await writeFile(values.json, `${JSON.stringify(results.length === 1 ? results[0] : results, null, 2)}\n`)
  }
  return failed > 0 ? 1 : 0
}

/** Prints a result; answers how much of what must hold did not. Times are never held against anybody. */
function print(result: Result): number {
  for (const [kind, figures] of [
    ['', result.figures],
    ['limit: ', result.limit],
  ] as const) {
    for (const [name, { value, unit, n, p50, p95, p99 }] of Object.entries(figures)) {
      const spread = p50 === null ? '' : ` (p50 ${p50}, p95 ${p95}, p99 ${p99} ms)`
      console.log(`  ${`${kind}${name}`.padEnd(34)} ${String(value).padStart(9)} ${unit}, n ${n}${spread}`)
    }
  }
  for (const [name, ratio] of Object.entries(result.ratios)) console.log(`  ${name.padEnd(34)} ${ratio.toPrecision(3)}`)
  for (const target of result.targets) {
    const value = valueOf(result, target.of)
    const sign = target.at === 'least' ? '≥' : '≤'
    console.log(
      `  ${isMet(result, target) ? 'met   ' : 'MISSED'} ${target.of} ${sign} ${target.bound}: ${value?.toPrecision(4)}`,
    )
  }
  for (const note of result.notes ?? []) console.log(`  note: ${note}`)
  const figures = [...Object.values(result.figures), ...Object.values(result.limit)]
  const broken = [
    ...Object.entries(result.invariants ?? {}).flatMap(([name, holds]) => (holds ? [] : [name])),
    ...(figures.some(({ value, n }) => !Number.isFinite(value) || n < 1) ? ['every figure exists'] : []),
  ]
  for (const name of broken) console.error(`  BROKEN: ${name}`)
  console.log(`  ${result.seconds} s`)
  return broken.length
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2))
