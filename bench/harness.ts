// What a scenario hands in and what is written down of it: figures, the limit measured beside them, and their ratio.
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { BenchServer } from './world.ts'

export const root = fileURLToPath(new URL('../', import.meta.url))

export type Scale = 'small' | 'full'

/** One measure. `value` is what the target speaks of; the percentiles are there where single events were timed. */
export interface Figure {
  readonly value: number
  readonly unit: string
  readonly n: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}
export type Figures = Readonly<Record<string, Figure>>

/** What a ratio or figure should reach; `npm run bench` prints it beside and never fails on it. */
export interface Target {
  readonly of: string
  readonly at: 'least' | 'most'
  readonly bound: number
}

export interface Measured {
  readonly figures: Figures
  readonly limit: Figures
  readonly ratios: Readonly<Record<string, number>>
  readonly targets: readonly Target[]
  /** What must hold on any machine, each with whether it did: nothing lost, nothing doubled. */
  readonly invariants?: Readonly<Record<string, boolean>>
  /** What a reader should know: what was left out, and why. */
  readonly notes?: readonly string[]
}

export interface Result extends Measured {
  readonly scenario: string
  readonly scale: Scale
  readonly seconds: number
  readonly machine: Machine
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly node: string
  readonly platform: string
  readonly commit: string
  readonly at: string
}

/** What a scenario gets. */
export interface Bench {
  readonly scale: Scale
  /** The small figure at `--scale small`, the other one at full. */
  pick<T>(small: T, full: T): T
  readonly server: BenchServer
  /** The folder that is kept between runs: large sets of data. */
  readonly keptDirectory: string
  say(line: string): void
}

export type Scenario = (bench: Bench) => Promise<Measured>

/** Percentile of a sorted list by nearest rank. */
function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))]!
}

/** Timed events: `value` is the percentile that the target names. */
export function timed(samples: readonly number[], unit = 'ms', value: 'p50' | 'p95' | 'p99' = 'p99'): Figure {
  const sorted = Float64Array.from(samples).toSorted()
  const of = { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) }
  const rounded = { p50: round(of.p50), p95: round(of.p95), p99: round(of.p99) }
  return { value: rounded[value], unit, n: samples.length, ...rounded }
}

/** So many a second, with the times of the single ones where they are known. */
export function rate(count: number, seconds: number, unit: string, samples: readonly number[] = []): Figure {
  const times = samples.length > 0 ? timed(samples) : { p50: null, p95: null, p99: null }
  return { ...times, value: round(count / seconds), unit, n: count }
}

export function plain(value: number, unit: string, n = 1): Figure {
  return { value: round(value), unit, n, p50: null, p95: null, p99: null }
}

/** Four figures that mean something. */
export function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value
}

export const atLeast = (of: string, bound: number): Target => ({ of, at: 'least', bound })
export const atMost = (of: string, bound: number): Target => ({ of, at: 'most', bound })

/** The value that a target speaks of: a ratio's, or a figure's (`name`, or `name.p50`). */
export function valueOf({ figures, ratios }: Pick<Measured, 'figures' | 'ratios'>, of: string): number | null {
  if (ratios[of] !== undefined) return ratios[of]
  const [name = '', part = 'value'] = of.split(/\.(?=p\d\d$)/)
  return (figures[name]?.[part as 'value'] as number | null | undefined) ?? null
}

export function isMet(measured: Pick<Measured, 'figures' | 'ratios'>, { of, at, bound }: Target): boolean {
  const value = valueOf(measured, of)
  return value !== null && (at === 'least' ? value >= bound : value <= bound)
}

export function machine(): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    commit: commitOf(),
    at: new Date().toISOString(),
  }
}

function commitOf(): string {
  try {
    return execFileSync('git', ['-C', root, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
