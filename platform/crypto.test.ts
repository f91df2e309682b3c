import { createSecretKey, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Keyring } from './crypto.ts'
import {
  constantTimeEqual,
  derive,
  hashToken,
  needsRewrap,
  open,
  openBytes,
  randomToken,
  rewrap,
  seal,
  SealError,
} from './crypto.ts'

const context = 'connections.credentials:workspace-1:connection-1'
const oldId = 'aaaaaaaaaaaaaaaa'
const newId = 'bbbbbbbbbbbbbbbb'

function aKeyring(): Keyring {
  return {
    currentId: oldId,
    keys: new Map([[oldId, createSecretKey(randomBytes(32))]]),
    root: createSecretKey(randomBytes(32)),
  }
}

function rotated(keyring: Keyring): Keyring {
  return { ...keyring, currentId: newId, keys: new Map([[newId, createSecretKey(randomBytes(32))], ...keyring.keys]) }
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof SealError) return error.code
    throw error
  }
  return 'opened'
}

test('what was sealed opens again, text and bytes of any kind', () => {
  const keyring = aKeyring()
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      (text) => open(keyring, seal(keyring, text, context), context) === text,
    ),
  )
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => openBytes(keyring, seal(keyring, bytes, context), context).equals(bytes)),
  )
})

test('a sealed value shows nothing of the secret and is different each time', () => {
  const keyring = aKeyring()
  const sealed = seal(keyring, 'hunter2hunter2', context)
  expect(sealed).toMatch(/^v1\.aaaaaaaaaaaaaaaa\.[\w-]+\.[\w-]+$/)
  expect(Buffer.from(sealed.split('.')[3]!, 'base64url').includes('hunter2')).toBe(false)
  expect(seal(keyring, 'hunter2hunter2', context)).not.toBe(sealed)
})

test('a sealed value moved to another row does not open', () => {
  const keyring = aKeyring()
  const sealed = seal(keyring, 'token', context)
  expect(codeOf(() => open(keyring, sealed, 'connections.credentials:workspace-2:connection-1'))).toBe('tampered')
})

test('a change of any single character is noticed', () => {
  const keyring = aKeyring()
  const sealed = seal(keyring, 'token', context)
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'b' ? 'c' : 'b') + sealed.slice(at + 1)
    // The last character of a base64url part may carry unused bits: such a change decodes to the same bytes.
    const sameBytes = changed
      .split('.')
      .every((part, index) =>
        Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[index]!, 'base64url')),
      )
    if (!sameBytes)
      expect(
        codeOf(() => open(keyring, changed, context)),
        `character ${at}`,
      ).not.toBe('opened')
  }
})

test('the wrapped key of one value does not open the text of another', () => {
  const keyring = aKeyring()
  const [a, b] = [seal(keyring, 'one', context), seal(keyring, 'two', context)].map((sealed) => sealed.split('.'))
  expect(codeOf(() => open(keyring, [a![0], a![1], a![2], b![3]].join('.'), context))).toBe('tampered')
})

test('what seal did not make is malformed', () => {
  const keyring = aKeyring()
  for (const text of ['', 'v1', 'plain text', 'v2.aaaaaaaaaaaaaaaa.x.y', `v1.${oldId}..`]) {
    expect(
      codeOf(() => open(keyring, text, context)),
      text,
    ).toBe('malformed')
  }
})

test('after a rotation old values open, ask for a rewrap, and open under the new key alone', () => {
  const before = aKeyring()
  const sealed = seal(before, 'secret', context)
  expect(needsRewrap(before, sealed)).toBe(false)
  expect(rewrap(before, sealed)).toBe(sealed)

  const both = rotated(before)
  expect(open(both, sealed, context)).toBe('secret')
  expect(needsRewrap(both, sealed)).toBe(true)
  const rewrapped = rewrap(both, sealed)
  expect(needsRewrap(both, rewrapped)).toBe(false)
  expect(rewrapped.split('.')[3]).toBe(sealed.split('.')[3])

  const after = { ...both, keys: new Map([...both.keys].slice(0, 1)) }
  expect(open(after, rewrapped, context)).toBe('secret')
  expect(codeOf(() => open(after, sealed, context))).toBe('unknown_key')
})

test('derived keys survive a rotation and differ by purpose and installation', () => {
  const keyring = aKeyring()
  const key = derive(keyring, 'webchat.visitor-token', 32)
  expect(key).toHaveLength(32)
  expect(derive(rotated(keyring), 'webchat.visitor-token', 32)).toEqual(key)
  expect(derive(keyring, 'inbox.reply-address', 32)).not.toEqual(key)
  expect(derive(aKeyring(), 'webchat.visitor-token', 32)).not.toEqual(key)
})

test('an empty context or purpose is a programming error', () => {
  expect(() => seal(aKeyring(), 'x', '')).toThrow(TypeError)
  expect(() => derive(aKeyring(), '', 32)).toThrow(TypeError)
})

test('a keyring that ends up in a log shows no key', () => {
  const key = randomBytes(32)
  const keyring: Keyring = {
    currentId: oldId,
    keys: new Map([[oldId, createSecretKey(key)]]),
    root: createSecretKey(key),
  }
  const shown =
    JSON.stringify(keyring) + JSON.stringify([...keyring.keys]) + inspect(keyring, { depth: 9, showHidden: true })
  expect(shown).not.toContain(key.toString('hex').slice(0, 8))
  expect(shown).not.toContain(key.toString('base64').slice(0, 8))
  expect(shown).not.toContain([...key.subarray(0, 4)].join(','))
})

test('equality is by content, whatever the lengths', () => {
  expect(constantTimeEqual('abc', 'abc')).toBe(true)
  expect(constantTimeEqual('abc', Buffer.from('abc'))).toBe(true)
  expect(constantTimeEqual('abc', 'abd')).toBe(false)
  expect(constantTimeEqual('abc', 'abcd')).toBe(false)
  expect(constantTimeEqual('', 'a')).toBe(false)
})

test('tokens are url-safe, unlike each other and stored as a hash', () => {
  const tokens = new Set(Array.from({ length: 100 }, () => randomToken()))
  expect(tokens.size).toBe(100)
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
  expect(() => randomToken(8)).toThrow(RangeError)
  expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
