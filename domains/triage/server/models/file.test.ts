import { expect, test } from 'vitest'
import { ModelFileError, packModel, unpackModel } from './file.ts'
import { loadModels, readModels } from './models.ts'

const bytes = packModel({ a: 1 }, { rows: Int8Array.from([1, -2, 3]), bias: Float32Array.from([0.5, -1]) })

test('what was packed comes out again', () => {
  const { about, arrays } = unpackModel(bytes)
  expect(about).toEqual({ a: 1 })
  expect([...arrays['rows']!]).toEqual([1, -2, 3])
  expect([...arrays['bias']!]).toEqual([0.5, -1])
})

test('a damaged, cut, foreign or missing file is said to be one', () => {
  const flipped = Buffer.from(bytes)
  flipped[flipped.length - 1]! ^= 1
  for (const wrong of [flipped, bytes.subarray(0, bytes.length - 1), Buffer.from('hello\nworld'), Buffer.alloc(0)])
    expect(() => unpackModel(wrong)).toThrow(ModelFileError)
  expect(() => readModels(packModel({ sizes: { network: [] } }, {}))).toThrow(ModelFileError)
  expect(() => loadModels('/nowhere/text.bin')).toThrow(ModelFileError)
})
