import { describe, expect, test } from 'vitest'
import { openResolver } from './network.ts'
import { parsePrivateHosts } from './private-hosts.ts'

const asked = (text: string, address: string, port: number, host = address) =>
  parsePrivateHosts(text)!(address, port, host)

describe('what a list of private hosts lets through', () => {
  test('an address with its port, and no other port', () => {
    expect(asked('192.168.1.5:993', '192.168.1.5', 993)).toBe(true)
    expect(asked('192.168.1.5:993', '192.168.1.5', 25)).toBe(false)
    expect(asked('192.168.1.5:993', '192.168.1.6', 993)).toBe(false)
  })
  test('an address without a port on every port', () => {
    expect(asked('192.168.1.5', '192.168.1.5', 1)).toBe(true)
  })
  test('a network, in either spelling of its addresses', () => {
    expect(asked('10.1.0.0/16:25', '10.1.200.3', 25)).toBe(true)
    expect(asked('10.1.0.0/16:25', '::ffff:10.1.200.3', 25)).toBe(true)
    expect(asked('10.1.0.0/16', '10.2.0.1', 25)).toBe(false)
    expect(asked('fd00::/8', 'fd12::1', 25)).toBe(true)
    expect(asked('[fd00::5]:993', 'fd00::5', 993)).toBe(true)
    expect(asked('[fd00::5]:993', 'fd00::5', 25)).toBe(false)
    expect(asked('fd00::/8', '10.1.0.1', 25)).toBe(false)
  })
  test('a name, whatever private address it leads to, and no other name that leads there', () => {
    expect(asked('Mail.House.example:993', '10.0.0.9', 993, 'mail.house.example')).toBe(true)
    expect(asked('mail.house.example:993', '10.0.0.9', 993, 'evil.example')).toBe(false)
    expect(asked('mail.house.example:993', '10.0.0.9', 993, '10.0.0.9')).toBe(false)
  })
  test('any of several', () => {
    expect(asked('10.0.0.1:25, mail:993', '10.0.0.1', 25)).toBe(true)
    expect(asked('10.0.0.1:25, mail:993', '10.0.0.7', 993, 'mail')).toBe(true)
  })
})

test('what is not a list of hosts, or would be all of them, is refused', () => {
  for (const text of [
    '',
    ',',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0.1:0',
    '10.0.0.1:70000',
    'a b',
    'http://mail',
    '[10.0.0.1]:25',
    '1.2.3',
    'mail/8',
    '10.0.0.0/8/8',
  ])
    expect(parsePrivateHosts(text), text).toBeUndefined()
})

test('the resolver lets a socket be opened where the list says so, and nowhere else inside', async () => {
  const resolve = openResolver({
    allow: parsePrivateHosts('mail.house.example:993')!,
    lookup: async () => [{ address: '10.0.0.9', family: 4 }],
  })
  expect(await resolve('mail.house.example', 993)).toEqual({ ok: true, address: '10.0.0.9' })
  expect((await resolve('mail.house.example', 22)).ok).toBe(false)
  expect((await resolve('other.example', 993)).ok).toBe(false)
})
