import { expect, it } from 'vitest'
import { sortProblem } from './problem.ts'

it('each message goes to the field whose name its path ends with', () => {
  const fields = [
    { path: '/body/name', message: 'Too short.' },
    { path: 'address.city', message: 'Unknown.' },
  ]
  expect(sortProblem({ code: 'invalid', message: 'Refused', fields }, ['name', 'address.city'])).toEqual({
    fields: { name: 'Too short.', 'address.city': 'Unknown.' },
    rest: [],
  })
})

it('a message for a field that the form does not show is not lost', () => {
  const fields = [{ path: '/body/hidden', message: 'Not allowed.' }]
  expect(sortProblem({ code: 'invalid', message: 'Refused', fields }, ['name'])).toEqual({
    fields: {},
    rest: ['Not allowed.'],
  })
})

it('a second message for the same field is not lost either', () => {
  const fields = ['Too short.', 'Not a name.'].map((message) => ({ path: '/name', message }))
  expect(sortProblem({ code: 'invalid', message: 'Refused', fields }, ['name'])).toEqual({
    fields: { name: 'Too short.' },
    rest: ['Not a name.'],
  })
})

it('a reply without fields speaks for the whole form', () => {
  expect(sortProblem({ code: 'conflict', message: 'Somebody else changed this.' }, ['name']).rest).toEqual([
    'Somebody else changed this.',
  ])
  expect(sortProblem(null, ['name'])).toEqual({ fields: {}, rest: [] })
})
