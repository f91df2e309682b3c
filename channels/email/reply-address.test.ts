import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { provenConversation, replyAddress, splitAddress } from './reply-address.ts'

const secret = 'a secret of this connection'
const id = '019936a0-0000-7000-8000-0000000000c1'

describe('a signed reply address', () => {
  test('names its conversation, in whatever case it comes back', () => {
    for (let n = 0; n < 500; n++) {
      const conversation = randomUUID()
      const address = replyAddress('Support@Acme.example', conversation, secret)!
      expect(address).toMatch(/^Support\+c[a-z2-7]{42}@Acme\.example$/)
      expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64)
      expect(provenConversation(address, secret)).toBe(conversation)
      expect(provenConversation(address.toUpperCase(), secret)).toBe(conversation)
      expect(provenConversation(address.toLowerCase(), secret)).toBe(conversation)
    }
  })

  test('is the same every time, and another for every mailbox and secret', () => {
    const address = replyAddress('support@acme.example', id, secret)
    expect(replyAddress('support@acme.example', id.toUpperCase(), secret)).toBe(address)
    const token = (text: string | null) => splitAddress(text!).detail
    expect(token(replyAddress('sales@acme.example', id, secret))).not.toBe(token(address))
    expect(token(replyAddress('support@acme.example', id, 'another'))).not.toBe(token(address))
  })

  test('is refused when anything of it was changed, moved or made without the secret', () => {
    const address = replyAddress('support@acme.example', id, secret)!
    const token = splitAddress(address).detail!
    for (let at = 0; at < token.length; at++) {
      for (const letter of 'abcdefghijklmnopqrstuvwxyz234567') {
        if (letter === token[at]) continue
        const forged = `support+${token.slice(0, at)}${letter}${token.slice(at + 1)}@acme.example`
        expect(provenConversation(forged, secret)).toBeNull()
      }
    }
    for (const forged of [
      address.replace('support', 'sales'),
      address.replace('acme', 'evil'),
      `support+${token}a@acme.example`,
      `support+x+${token}@acme.example`,
      `support+${token.slice(0, -1)}@acme.example`,
      `support+@acme.example`,
      `+${token}@acme.example`,
      'support@acme.example',
      '',
      '@',
      token,
    ]) {
      expect(provenConversation(forged, secret)).toBeNull()
    }
    expect(provenConversation(address, 'another secret')).toBeNull()
    const withNoKey = createHmac('sha256', '').update(id).digest().subarray(0, 10)
    expect(withNoKey.length).toBe(10)
    expect(provenConversation(address, '')).toBeNull()
    for (let n = 0; n < 500; n++) {
      const guess = [...randomBytes(42)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]).join('')
      expect(provenConversation(`support+c${guess}@acme.example`, secret)).toBeNull()
    }
  })

  test('is not made where it would not fit or not hold', () => {
    expect(replyAddress(`${'a'.repeat(20)}@acme.example`, id, secret)).not.toBeNull()
    expect(replyAddress(`${'a'.repeat(21)}@acme.example`, id, secret)).toBeNull()
    expect(replyAddress('support@acme.example', 'not-a-uuid', secret)).toBeNull()
    expect(replyAddress('support@acme.example', id, '')).toBeNull()
  })
})

test('an address is taken apart at its first plus', () => {
  expect(splitAddress('A+b+c@D.example')).toEqual({ base: 'a@d.example', detail: 'b+c' })
  expect(splitAddress('a@d.example')).toEqual({ base: 'a@d.example', detail: null })
  expect(splitAddress('a@d+e.example')).toEqual({ base: 'a@d+e.example', detail: null })
})
