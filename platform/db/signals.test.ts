import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { openSignals, type Signals } from './signals.ts'

const database = useDatabase()

function open(): Signals & { readonly errors: Error[] } & AsyncDisposable {
  const errors: Error[] = []
  const signals = openSignals({ url: database.url, onError: (error) => errors.push(error) })
  return { ...signals, errors, [Symbol.asyncDispose]: () => signals.close() }
}

/** Two nodes that hear each other. */
async function twoNodes() {
  const [here, there] = [open(), open()]
  let heard = false
  // Never told by a node to itself, so that hearing it proves both connections.
  there.subscribe('ready', () => (heard = true))
  here.subscribe('ready', () => {})
  await vi.waitFor(() => {
    here.publish('ready', {})
    expect(heard).toBe(true)
  }, 10_000)
  return { here, there }
}

test('a burst reaches the other node in order and whole, one statement at a time', async () => {
  const warnings: string[] = []
  const note = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', note)
  const { here, there } = await twoNodes()
  const seen: unknown[] = []
  let woken = 0
  there.subscribe('typing', ({ n }) => seen.push(n))
  there.on('work', () => woken++)
  for (let n = 0; n < 300; n++) here.publish('typing', { n })
  here.send('work')
  await vi.waitFor(() => expect(seen).toHaveLength(300))
  await vi.waitFor(() => expect(woken).toBe(1))
  expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => n))
  expect([...here.errors, ...there.errors]).toEqual([])
  await sleep(20) // a warning comes with the next turn
  process.off('warning', note)
  expect(warnings.filter((text) => text.includes('client.query()'))).toEqual([])
  await Promise.all([here.close(), there.close()])
})

test('what is too long to tell is reported, and what is told with it arrives', async () => {
  const { here, there } = await twoNodes()
  const seen: unknown[] = []
  there.subscribe('typing', (message) => seen.push(message))
  here.publish('typing', { text: 'x'.repeat(9000) })
  here.publish('typing', { text: 'short' })
  await vi.waitFor(() => expect(seen).toEqual([{ text: 'short' }]))
  expect(here.errors).toHaveLength(1)
  await Promise.all([here.close(), there.close()])
})
