// node bench/report.ts FILE …: prints the figures of `--json` files as Markdown tables, for docs/performance.md.
import { readFile } from 'node:fs/promises'
import { isMet, valueOf, type Figure, type Figures, type Result } from './harness.ts'

function report(result: Result): string[] {
  const { machine } = result
  return [
    `### ${result.scenario}`,
    '',
    `\`npm run bench -- ${result.scenario}${result.scale === 'full' ? '' : ` --scale ${result.scale}`}\` on ${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB, Node ${machine.node.slice(1)}, commit ${machine.commit}, ${machine.at.slice(0, 10)}; ${result.seconds} s.`,
    '',
    ...targetsOf(result),
    ...figuresOf('measured', result.figures),
    ...figuresOf('limit', result.limit),
    ...(result.notes ?? []).map((note) => `- ${note}`),
    ...((result.notes ?? []).length > 0 ? [''] : []),
  ]
}

function targetsOf(result: Result): string[] {
  if (result.targets.length === 0) return []
  return [
    '| to reach | reached | |',
    '|---|---:|---|',
    ...result.targets.map((target) => {
      const value = valueOf(result, target.of)
      const sign = target.at === 'least' ? '≥' : '≤'
      return `| ${target.of} ${sign} ${words(target.bound)} | ${value === null ? '–' : words(value)} | ${isMet(result, target) ? 'met' : '**missed**'} |`
    }),
    '',
  ]
}

function figuresOf(heading: string, figures: Figures): string[] {
  const rows = Object.entries(figures)
  if (rows.length === 0) return []
  return [
    `| ${heading} | value | n | p50 | p95 | p99 |`,
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(
      ([name, figure]) =>
        `| ${name} | ${words(figure.value)} ${figure.unit} | ${words(figure.n)} | ${spread(figure)} |`,
    ),
    '',
  ]
}

const spread = ({ p50, p95, p99 }: Figure): string =>
  p50 === null ? '– | – | –' : [p50, p95, p99].map((value) => `${words(value!)} ms`).join(' | ')

/** Three figures that mean something, thousands set apart. */
function words(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en', { maximumFractionDigits: Math.min(3, digits) })
}

const results: Result[] = []
for (const file of process.argv.slice(2)) {
  const read = JSON.parse(await readFile(file, 'utf8')) as Result | Result[]
  results.push(...[read].flat())
}
for (const line of results.flatMap(report)) console.log(line)
