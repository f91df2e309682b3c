import { register } from 'prom-client'
import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

function quiet() {
  return createMetrics({ processDefaults: false })
}

test('a counter counts by its labels and prints in the Prometheus format', async () => {
  const metrics = quiet()
  const deliveries = metrics.counter('deliveries_total', 'Deliveries accepted', ['channel'])
  deliveries.inc({ channel: 'email' })
  deliveries.inc({ channel: 'email' }, 2)
  deliveries.inc({ channel: 'a"b\nc' })
  const page = await metrics.render()
  expect(page).toContain(
    '# HELP rapport_deliveries_total Deliveries accepted\n# TYPE rapport_deliveries_total counter\n',
  )
  expect(page).toContain('rapport_deliveries_total{channel="email"} 3\n')
  expect(page).toContain('rapport_deliveries_total{channel="a\\"b\\nc"} 1\n')
  expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/)
})

test('a label that was not declared, or is missing, does not compile, and a new one is refused', () => {
  const counter = quiet().counter('x_total', 'x', ['channel'])
  // @ts-expect-error the label is missing
  counter.inc({})
  // @ts-expect-error the label was not declared
  expect(() => counter.inc({ channel: 'a', workspace: 'b' })).toThrow('workspace')
  const plain = quiet().counter('y_total', 'y')
  plain.inc({})
})

test('gauges go up and down, and one that is read at the scrape tells the value of that moment', async () => {
  const metrics = quiet()
  const open = metrics.gauge('streams_open', 'Open streams')
  open.set({}, 5)
  open.inc({})
  open.dec({}, 3)
  let lag = 1
  metrics.observedGauge('reader_lag_seconds', 'Lag', async () => lag)
  expect(await metrics.render()).toContain('rapport_streams_open 3\n')
  lag = 7
  expect(await metrics.render()).toContain('rapport_reader_lag_seconds 7\n')
})

test('a figure that can not be read does not take the page with it', async () => {
  const metrics = quiet()
  metrics.counter('x_total', 'x').inc({})
  metrics.observedGauge('rejects', 'x', () => Promise.reject(new Error('database away')))
  metrics.observedGauge('throws', 'x', () => {
    throw new Error('bug')
  })
  metrics.observedGauge('hangs', 'x', () => new Promise(() => {}))
  const page = await metrics.render()
  expect(page).toContain('rapport_x_total 1\n')
  for (const name of ['rejects', 'throws', 'hangs']) expect(page).toMatch(new RegExp(`^rapport_${name} nan$`, 'im'))
})

test('a histogram sorts seconds into its buckets', async () => {
  const metrics = quiet()
  const duration = metrics.histogram('request_seconds', 'Requests', ['route'], [0.1, 1])
  duration.observe({ route: '/a' }, 0.05)
  duration.observe({ route: '/a' }, 0.5)
  duration.observe({ route: '/a' }, 5)
  expect(duration.startTimer({ route: '/b' })()).toBeGreaterThanOrEqual(0)
  const page = await metrics.render()
  expect(page).toContain('rapport_request_seconds_bucket{le="0.1",route="/a"} 1\n')
  expect(page).toContain('rapport_request_seconds_bucket{le="1",route="/a"} 2\n')
  expect(page).toContain('rapport_request_seconds_bucket{le="+Inf",route="/a"} 3\n')
  expect(page).toContain('rapport_request_seconds_count{route="/b"} 1\n')
})

test('the same name is the same metric; the same name for another thing is an error', async () => {
  const metrics = quiet()
  metrics.counter('x_total', 'x', ['a']).inc({ a: '1' })
  metrics.counter('x_total', 'x', ['a']).inc({ a: '1' })
  expect(await metrics.render()).toContain('rapport_x_total{a="1"} 2\n')
  expect(() => metrics.counter('x_total', 'x', ['b'])).toThrow(TypeError)
  expect(() => metrics.gauge('x_total', 'x', ['a'])).toThrow(TypeError)
  expect(() => metrics.counter('x', 'x')).toThrow(TypeError)
})

test('two sets of metrics count apart, and neither touches the global registry', async () => {
  const [one, two] = [quiet(), createMetrics()]
  one.counter('x_total', 'x').inc({})
  two.counter('x_total', 'x')
  expect(await two.render()).toContain('rapport_x_total 0\n')
  expect(await two.render()).toContain('process_resident_memory_bytes')
  expect(await two.render()).toContain('nodejs_eventloop_lag_seconds')
  expect(await one.render()).not.toContain('nodejs_')
  expect(register.getMetricsAsArray()).toEqual([])
})
