import { expect, test } from 'vitest'
import { settingGroups } from './setting-groups.ts'

test('settings that share a proper name in their titles stand together', () => {
  const text = (title: string) => ({ type: 'string', title }) as const
  const properties = {
    address: text('Address'),
    imapHost: text('IMAP server'),
    imapPort: text('IMAP port'),
    imapUser: text('IMAP user'),
    how: text('How mail comes in'),
    where: text('How to sign in'),
    why: text('How to sign out'),
    dkim: text('DKIM domain'),
  }
  expect(settingGroups({ type: 'object', properties })).toEqual([
    { title: '', names: ['address', 'how', 'where', 'why', 'dkim'] },
    { title: 'IMAP', names: ['imapHost', 'imapPort', 'imapUser'] },
  ])
})
