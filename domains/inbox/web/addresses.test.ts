import { expect, test } from 'vitest'
import { addressesIn, withAddressees } from './addresses.ts'

test('a pasted list becomes addresses with their names', () => {
  expect(addressesIn('Ada Byron <ada@example.org>, "Hopper, Grace" <grace@example.org>; bob@example.org\n')).toEqual({
    addressees: [
      { address: 'ada@example.org', name: 'Ada Byron' },
      { address: 'grace@example.org', name: 'Hopper, Grace' },
      { address: 'bob@example.org' },
    ],
    rest: '',
  })
})

test('what is no address stays as it was typed', () => {
  expect(addressesIn('ada@example.org, bob at example')).toEqual({
    addressees: [{ address: 'ada@example.org' }],
    rest: 'bob at example',
  })
  expect(addressesIn('a@b@c <>,, "')).toEqual({ addressees: [], rest: 'a@b@c <>, "' })
})

test('nobody is there twice', () => {
  expect(
    withAddressees([{ address: 'Ada@example.org' }], [{ address: 'ada@EXAMPLE.org' }, { address: 'b@c.de' }]),
  ).toEqual([{ address: 'Ada@example.org' }, { address: 'b@c.de' }])
})
