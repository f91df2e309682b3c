import * as t from 'typebox'
import { expect, test } from 'vitest'
import { compileSchema } from './validate.ts'

const schema = t.Object({ limit: t.Optional(t.Integer()), all: t.Optional(t.Boolean()) })
const checker = (httpPart: string) =>
  compileSchema({ schema, httpPart, method: 'GET', url: '/' } as never) as (given: unknown) => object

test('numbers and booleans of a query come as text and arrive as what they are', () => {
  expect(checker('querystring')({ limit: '3', all: 'true' })).toEqual({ value: { limit: 3, all: true } })
})

test('a body is taken as it is, and a field that nobody named is refused', () => {
  expect(checker('body')({ limit: 3 })).toEqual({ value: { limit: 3 } })
  expect(checker('body')({ limit: '3' })).toHaveProperty('error')
  expect(checker('body')({ other: 1 })).toHaveProperty('error')
  expect(checker('querystring')({ other: '1' })).toHaveProperty('error')
})
