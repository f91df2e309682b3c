import { expect, test } from 'vitest'
import { openResolver } from './network.ts'

const names: Record<string, readonly string[]> = {
  'mail.example.com': ['93.184.215.14'],
  'lan.example.com': ['192.168.1.5'],
  'both.example.com': ['10.0.0.1', '93.184.215.14'],
}
const lookup = async (host: string) => {
  const found = names[host]
  if (!found) throw new Error('ENOTFOUND')
  return found.map((address) => ({ address, family: 4 }))
}

test('a public name leads to its address, and of several to the first that is public', async () => {
  const resolve = openResolver({ lookup })
  expect(await resolve('mail.example.com', 25)).toEqual({ ok: true, address: '93.184.215.14' })
  expect(await resolve('both.example.com', 25)).toEqual({ ok: true, address: '93.184.215.14' })
})

test('private addresses, by name or written out, are refused with a reason unless they were allowed', async () => {
  const resolve = openResolver({ lookup })
  for (const host of ['lan.example.com', '127.0.0.1', '::1', '169.254.169.254'])
    expect(await resolve(host, 25)).toMatchObject({ ok: false, reason: expect.stringContaining('private network') })
  const open = openResolver({ lookup, allow: (address, port) => address === '192.168.1.5' && port === 993 })
  expect(await open('lan.example.com', 993)).toEqual({ ok: true, address: '192.168.1.5' })
  expect(await open('lan.example.com', 25)).toMatchObject({ ok: false })
})

test('a name that nobody knows is an answer, not an exception', async () => {
  expect(await openResolver({ lookup })('gone.example.com', 25)).toEqual({
    ok: false,
    reason: 'The name gone.example.com was not found.',
  })
})
