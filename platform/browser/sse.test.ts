import { expect, test } from 'vitest'
import { createFrameParser, type Frame } from './sse.ts'
import { isUnder, staleKeysOf } from './stale-keys.ts'
import { waitFor } from './realtime.ts'

const stream =
  'retry: 1000\n: hello\n\nid: 1.2.3\nevent: hello\ndata: {}\n\n: still here\n\nid: 1.2.4\ndata: {"type":"a"}\r\n\r\ndata: x\ndata: y\n\n'
const frames = (pieces: readonly string[]): Frame[] => {
  const found: Frame[] = []
  const parse = createFrameParser((frame) => found.push(frame))
  for (const piece of pieces) parse(piece)
  return found
}

test('frames are read whole, however the stream is cut', () => {
  const expected = [
    { id: '1.2.3', event: 'hello', data: '{}' },
    { id: '1.2.4', event: 'message', data: '{"type":"a"}' },
    { id: null, event: 'message', data: 'x\ny' },
  ]
  expect(frames([stream])).toEqual(expected)
  for (let at = 0; at < stream.length; at++) expect(frames([stream.slice(0, at), stream.slice(at)])).toEqual(expected)
  expect(frames([...stream])).toEqual(expected)
})

test('a frame that was cut off is not read', () => {
  expect(frames(['id: 1\ndata: half'])).toEqual([])
})

const table = { 'a.b': { summary: '', data: {} as never, stale: [['list'], ['one', '$id']] } } as const

test('an event names the stale keys with its own ids, and an unknown one none', () => {
  expect(staleKeysOf([table], { type: 'a.b', data: { id: '7' } })).toEqual([['list'], ['one', '7']])
  expect(staleKeysOf([table], { type: 'a.b', data: {} })).toEqual([['list'], ['one']])
  expect(staleKeysOf([table], { type: 'toString', data: {} })).toEqual([])
})

test('a stale key covers the keys that begin with it', () => {
  expect(isUnder(['one', '7', 'more'], ['one', '7'])).toBe(true)
  expect(isUnder(['one', '8'], ['one', '7'])).toBe(false)
  expect(isUnder(['one'], [])).toBe(false)
})

test('tries move apart, and never further than twenty seconds', () => {
  expect(waitFor(1, () => 0)).toBe(250)
  expect(waitFor(1, () => 1)).toBe(500)
  expect(waitFor(4, () => 1)).toBe(4000)
  expect(waitFor(50, () => 1)).toBe(20_000)
})
