// Reply addresses that are good for one recipient: what carries a conversation of another channel on bears them.
import { describe, expect, test } from 'vitest'
import { conversationNamed, headerFields } from './mail-headers.ts'
import { provenConversation, replyAddress } from './reply-address.ts'

const conversation = '0198c5a2-7a51-7e63-9d0c-2f6b1f0a4c11'
const secret = 'a secret of the connection'
const mailbox = 'support@acme.example'
const address = replyAddress(mailbox, conversation, secret, 'Ana+Shop@Visitor.example')!

describe('a reply address for one', () => {
  test('is good for whom it was made for, however they write their address', () => {
    expect(address).toMatch(/^support\+d[a-z2-7]{42}@acme\.example$/)
    for (const from of ['ana+shop@visitor.example', 'ANA@VISITOR.example', 'ana@visitor.example'])
      expect(provenConversation(address, secret, from), from).toBe(conversation)
    const foreign = replyAddress(mailbox, conversation, secret, 'ana@münchen.example')!
    expect(provenConversation(foreign, secret, 'ana@xn--mnchen-3ya.example')).toBe(conversation)
  })

  test('is good for nobody else, and not where it is unclear who wrote', () => {
    for (const from of ['eve@visitor.example', 'ana@visitor.example.evil.example', 'an@avisitor.example', null])
      expect(provenConversation(address, secret, from), String(from)).toBeNull()
    expect(provenConversation(address, 'another', 'ana@visitor.example')).toBeNull()
  })

  test('does not become one for all by another letter, nor the other way round', () => {
    expect(provenConversation(address.replace('+d', '+c'), secret, 'ana@visitor.example')).toBeNull()
    const open = replyAddress(mailbox, conversation, secret)!
    expect(provenConversation(open, secret, null)).toBe(conversation)
    expect(provenConversation(open.replace('+c', '+d'), secret, 'ana@visitor.example')).toBeNull()
  })

  test('is read with the author of the mail that it stands in', () => {
    const named = (from: string) =>
      conversationNamed([address], headerFields(Buffer.from(`${from}\r\n\r\nhi`)), [secret])
    expect(named('From: "Ana, at home" <ana@visitor.example>')).toBe(conversation)
    expect(named('From: =?utf-8?q?=C3=80na?= <ana@visitor.example>')).toBe(conversation)
    expect(named('From: eve@evil.example')).toBeNull()
    expect(named('From: ana@visitor.example, eve@evil.example')).toBeNull()
    expect(named('From: ana@visitor.example\r\nFrom: eve@evil.example')).toBeNull()
    expect(named('Reply-To: ana@visitor.example')).toBeNull()
  })
})
