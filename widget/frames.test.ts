import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backOff, frameReader, readFrames, type Frame } from './frames.ts'

const text =
  ':\n\nevent: snapshot\nid: 1-1.2.3\ndata: {"a":"x\\n\\ny"}\n\nevent: typing\ndata: {"typing":true}\n\n:\n\ndata: 1\n\n'
const whole: Frame[] = [
  { event: 'snapshot', id: '1-1.2.3', data: '{"a":"x\\n\\ny"}' },
  { event: 'typing', id: null, data: '{"typing":true}' },
  { event: 'message', id: null, data: '1' },
]

test('a stream cut anywhere gives the same frames', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
      const next = frameReader()
      const places = [0, ...cuts.sort((a, b) => a - b), text.length]
      expect(places.flatMap((to, index) => next(text.slice(places[index - 1] ?? 0, to)))).toEqual(whole)
    }),
  )
})

test('letters of several bytes survive a cut between them', async () => {
  const bytes = new TextEncoder().encode('data: "søvnløs 🙂"\n\n')
  const heard: Frame[] = []
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
      controller.close()
    },
  })
  await readFrames(new Response(body), (frame) => heard.push(frame), new AbortController())
  expect(heard.map(({ data }) => data)).toEqual(['"søvnløs 🙂"'])
})

test('a stream in which nothing comes, not even a heartbeat, is given up', async () => {
  const abort = new AbortController()
  const body = new ReadableStream({
    start: (controller) => abort.signal.addEventListener('abort', () => controller.error(new Error('aborted'))),
  })
  await expect(readFrames(new Response(body), () => {}, abort, 20)).rejects.toThrow('aborted')
})

test('the wait doubles up to half a minute and is never the same for all', () => {
  expect([0, 1, 2, 3, 10, 99].map((attempt) => backOff(attempt, 1))).toEqual([1000, 2000, 4000, 8000, 30_000, 30_000])
  expect(backOff(3, 0)).toBe(4000)
})
