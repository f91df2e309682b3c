import { expect, test } from 'vitest'
import { formerDkimKeyIn, formerSecrets, replySecretsIn } from './former.ts'
import { conversationNamed } from './mail-headers.ts'
import { replyAddress } from './reply-address.ts'

const NOW = new Date('2026-09-01T12:00:00Z')
const later = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000)
const id = '019936a0-0000-7000-8000-0000000000c1'

test('an address that was signed before a renewal is good for ninety days more, and a forged one never', () => {
  const before = { replySecret: 'old', dkimPrivateKey: 'old key' }
  const after = { ...before, ...formerSecrets(before, NOW), replySecret: 'new', dkimPrivateKey: 'new key' }
  const named = (secret: string, now: Date) =>
    conversationNamed([replyAddress('desk@acme.example', id, secret)!], [], replySecretsIn(after, now))
  expect([named('new', NOW), named('old', later(89)), named('old', later(91)), named('guessed', NOW)]).toEqual([
    id,
    id,
    null,
    null,
  ])
  expect([formerDkimKeyIn(after, later(29)), formerDkimKeyIn(after, later(31))]).toEqual(['old key', null])
})

test('renewing again and again keeps the last few, each for its own time, and one key', () => {
  let credentials: Record<string, string> = { replySecret: 's0', dkimPrivateKey: 'k0' }
  for (let n = 1; n <= 9; n++)
    credentials = {
      ...credentials,
      ...formerSecrets(credentials, later(n)),
      replySecret: `s${n}`,
      dkimPrivateKey: `k${n}`,
    }
  expect(replySecretsIn(credentials, later(9))).toEqual(['s9', 's8', 's7', 's6', 's5', 's4'])
  expect(replySecretsIn(credentials, later(98))).toEqual(['s9', 's8'])
  expect(formerDkimKeyIn(credentials, later(9))).toBe('k8')
})

test('nothing, or nonsense, is no secret', () => {
  expect(replySecretsIn({}, NOW)).toEqual([])
  expect(replySecretsIn({ replySecret: 's', formerReplySecrets: '{"a":' }, NOW)).toEqual(['s'])
  expect(replySecretsIn({ formerReplySecrets: '[{"value":"","until":"2099-01-01T00:00:00Z"}]' }, NOW)).toEqual([])
  expect(formerDkimKeyIn({ formerDkimKeys: 'null' }, NOW)).toBeNull()
})
