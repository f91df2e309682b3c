// Prometheus metrics in a registry of our own, so that two programs in one process (tests) don't count into each other.
import type { Counter, Gauge, Histogram } from 'prom-client'
import * as prometheus from 'prom-client'

/** Labels must have few values: a channel or a state, never an id, an address or a workspace of a large installation. */
export type LabelsOf<Names extends string> = Readonly<Record<Names, string | number>>

export interface CounterOf<Names extends string> {
  /** `by` defaults to 1. */
  inc(labels: LabelsOf<Names>, by?: number): void
}

export interface GaugeOf<Names extends string> {
  set(labels: LabelsOf<Names>, value: number): void
  inc(labels: LabelsOf<Names>, by?: number): void
  dec(labels: LabelsOf<Names>, by?: number): void
}

export interface HistogramOf<Names extends string> {
  /** Seconds for durations, bytes for sizes: Prometheus's base units. */
  observe(labels: LabelsOf<Names>, value: number): void
  /** Answers the function that stops the clock and observes the seconds. */
  startTimer(labels: LabelsOf<Names>): () => number
}

export interface Metrics {
  /** `rapport_` is put before the name. A counter's name ends in `_total`. The same name twice is the same metric. */
  counter<const Names extends string = never>(name: string, help: string, labels?: readonly Names[]): CounterOf<Names>
  gauge<const Names extends string = never>(name: string, help: string, labels?: readonly Names[]): GaugeOf<Names>
  /**
   * `read` is asked at each scrape instead of setting the value beforehand. When it fails or takes longer than two
   * seconds the value is NaN and the rest of the page is served.
   */
  observedGauge(name: string, help: string, read: () => number | Promise<number>): void
  histogram<const Names extends string = never>(
    name: string,
    help: string,
    labels?: readonly Names[],
    buckets?: readonly number[],
  ): HistogramOf<Names>
  /** The page for `GET /metrics`, to be sent with `contentType`. */
  render(): Promise<string>
  readonly contentType: string
}

/** From a millisecond to ten seconds. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const longestReadMs = 2000

/** `processDefaults` adds memory, CPU, event-loop lag and garbage collection of the process; default true. */
export function createMetrics(options: { processDefaults?: boolean } = {}): Metrics {
  const registry = new prometheus.Registry()
  if (options.processDefaults ?? true) prometheus.collectDefaultMetrics({ register: registry })

  function named<M>(
    kind: new (...args: never[]) => M,
    shortName: string,
    labels: readonly string[],
    make: (name: string) => M,
  ): M {
    const name = `rapport_${shortName}`
    const there: object | undefined = registry.getSingleMetric(name)
    if (there === undefined) return make(name)
    if (!(there instanceof kind) || labelsOf(there).join() !== labels.join())
      throw new TypeError(`The metric ${name} exists with another kind or other labels`)
    return there
  }

  return {
    counter<Names extends string>(name: string, help: string, labels: readonly Names[] = []): CounterOf<Names> {
      if (!name.endsWith('_total')) throw new TypeError(`The counter ${name} must end in _total`)
      return named<Counter<Names>>(
        prometheus.Counter,
        name,
        labels,
        (full) => new prometheus.Counter({ name: full, help, labelNames: labels, registers: [registry] }),
      )
    },
    gauge<Names extends string>(name: string, help: string, labels: readonly Names[] = []): GaugeOf<Names> {
      return named<Gauge<Names>>(
        prometheus.Gauge,
        name,
        labels,
        (full) => new prometheus.Gauge({ name: full, help, labelNames: labels, registers: [registry] }),
      )
    },
    observedGauge(name, help, read) {
      const gauge = new prometheus.Gauge({
        name: `rapport_${name}`,
        help,
        registers: [],
        async collect() {
          this.set(await readOrNaN(read))
        },
      })
      registry.registerMetric(gauge)
    },
    histogram<Names extends string>(
      name: string,
      help: string,
      labels: readonly Names[] = [],
      buckets: readonly number[] = durationBuckets,
    ): HistogramOf<Names> {
      return named<Histogram<Names>>(
        prometheus.Histogram,
        name,
        labels,
        (full) =>
          new prometheus.Histogram({
            name: full,
            help,
            labelNames: labels,
            buckets: [...buckets],
            registers: [registry],
          }),
      )
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

async function readOrNaN(read: () => number | Promise<number>): Promise<number> {
  const { promise: late, resolve } = Promise.withResolvers<number>()
  const timer = setTimeout(() => resolve(Number.NaN), longestReadMs)
  const reading = Promise.resolve().then(read)
  return Promise.race([reading.catch(() => Number.NaN), late]).finally(() => clearTimeout(timer))
}

function labelsOf(metric: object): readonly string[] {
  return 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames : []
}
