// The rules by which a mail is understood, one by one, through the whole of it.
import { describe, expect, test } from 'vitest'
import type { InboundMessage } from '../connector.ts'
import { decodeText } from './charset.ts'
import { parseDate } from './date.ts'
import { readHead } from './headers.ts'
import { parseStructured } from './parameters.ts'
import { receiveMail } from './receive.ts'
import { cleanSubject } from './subject.ts'
import { unflowed } from './text.ts'

const settings = { address: 'help@shop.example', aliases: ['sales@shop.example'] }
const receive = (mail: string | Buffer, headers: Record<string, string> = {}) =>
  receiveMail(
    { id: 'd', headers, body: Buffer.from(mail as string, 'utf8'), receivedAt: new Date('2026-09-01T12:00:00Z') },
    { connectionId: 'c', settings },
  )
const messageOf = async (mail: string | Buffer, headers?: Record<string, string>) =>
  (await receive(mail, headers))[0] as InboundMessage
const proof = (dmarc: string, from: string) => ({ 'x-rapport-auth': JSON.stringify({ dmarc, from }) })

describe('who it is from', () => {
  const from = (line: string, headers?: Record<string, string>) =>
    messageOf(`${line}\r\nMessage-ID: <1@x>\r\n\r\nhi`, headers)

  test('is proven by DMARC for exactly that domain', async () => {
    expect((await from('From: A <A@Customer.example>', proof('pass', 'customer.example'))).author).toEqual({
      externalId: 'a@customer.example',
      handle: 'a@customer.example',
      email: 'A@Customer.example',
      name: 'A',
      verified: true,
    })
  })

  test.each([
    ['a failed proof', 'From: a@customer.example', proof('fail', 'customer.example')],
    ['a proof for another domain', 'From: a@customer.example', proof('pass', 'evil.example')],
    ['two From headers', 'From: a@customer.example\r\nFrom: b@evil.example', proof('pass', 'customer.example')],
    ['two authors', 'From: a@customer.example, b@evil.example', proof('pass', 'customer.example')],
    ['our own address without proof', 'From: help@shop.example', {}],
    ['our own address with a tag', 'From: help+x@shop.example', {}],
    ['no From', 'Sender: a@customer.example', proof('pass', 'customer.example')],
  ])('is doubtful with %s', async (_, line, headers) => {
    const { author, ours } = await from(line, headers)
    expect(author.scope).toBe('unproven')
    expect(author.verified).toBeUndefined()
    expect(ours).toBeUndefined()
  })

  test('is neither where the domain publishes nothing', async () => {
    const { author } = await from('From: a@small.example', proof('none', 'small.example'))
    expect([author.scope, author.verified]).toEqual([undefined, undefined])
  })

  test('is ours with proof, and always in our own sent folder', async () => {
    expect((await from('From: sales@shop.example', proof('pass', 'shop.example'))).ours).toBe(true)
    expect((await from('From: sales@shop.example', { 'x-rapport-folder': 'sent' })).ours).toBe(true)
  })

  test('is nobody twice where nobody is named', async () => {
    const one = await messageOf('Subject: a\r\n\r\nx')
    const other = await messageOf('Subject: b\r\n\r\nx')
    expect(one.author.externalId).not.toBe(other.author.externalId)
  })

  test('leads answers elsewhere only where it is not doubtful', async () => {
    const reply = 'From: a@customer.example\r\nReply-To: other@customer.example'
    expect((await from(reply)).data).toMatchObject({ replyTo: 'other@customer.example' })
    expect((await from(reply, proof('fail', 'customer.example'))).data).not.toHaveProperty('replyTo')
  })

  test('is never what a header of the mail says of our own proof', async () => {
    const mail =
      'From: help@shop.example\r\nx-rapport-auth: {"dmarc":"pass","from":"shop.example"}\r\nx-rapport-conversation: abc\r\nx-rapport-folder: sent'
    const message = await from(mail)
    expect([message.ours, message.placing?.conversationId, message.author.scope]).toEqual([
      undefined,
      undefined,
      'unproven',
    ])
  })
})

describe('what programs write', () => {
  const kind = async (lines: string, headers?: Record<string, string>) =>
    (await messageOf(`From: a@b.example\r\n${lines}\r\n\r\nhi`, headers)).automatic

  test.each([
    ['Auto-Submitted: auto-replied', 'reply'],
    ['Auto-Submitted: auto-generated (by cron)', 'reply'],
    ['Auto-Submitted: no', undefined],
    ['Precedence: bulk', 'list'],
    ['Precedence: auto_reply', 'reply'],
    ['Precedence: first-class', undefined],
    ['List-Id: <x.example>', 'list'],
    ['List-Unsubscribe: <mailto:x@y.example>', 'list'],
    ['List-Id: <x.example>\r\nAuto-Submitted: auto-replied', 'reply'],
    ['X-Auto-Response-Suppress: All', 'reply'],
    ['X-Autoreply: yes', 'reply'],
    ['Return-Path: <>', 'reply'],
    ['Subject: Out of office: holiday', undefined],
    ['Subject: Automatische Antwort: Urlaub\r\nIn-Reply-To: <1@x>', 'reply'],
    ['Subject: I am out of office supplies\r\nIn-Reply-To: <1@x>', undefined],
  ])('%s', async (lines, expected) => {
    expect(await kind(lines)).toBe(expected)
  })

  test('is known by who sent it and by the envelope', async () => {
    expect(await kind('X: y', { 'x-rapport-envelope-from': '' })).toBe('reply')
    expect((await messageOf('From: no-reply@b.example\r\n\r\nx')).automatic).toBe('reply')
    expect((await messageOf('From: MAILER-DAEMON@b.example\r\n\r\nx')).automatic).toBe('report')
    // A person may be behind this one.
    expect((await messageOf('From: postmaster@b.example\r\n\r\nx')).automatic).toBe('reply')
    expect((await messageOf('From: renoreply@b.example\r\n\r\nx')).automatic).toBeUndefined()
  })

  test('our own mail that comes back is a loop; another desk’s is not', async () => {
    const back = await messageOf('From: x@b.example\r\nX-Rapport-Loop: help@shop.example\r\n\r\nx')
    expect([back.automatic, back.data?.['loop']]).toEqual(['reply', true])
    const other = await messageOf('From: x@b.example\r\nX-Rapport-Loop: help@other.example\r\n\r\nx')
    expect([other.automatic, other.data?.['loop']]).toEqual([undefined, undefined])
    const hops = await messageOf(`${'Received: x\r\n'.repeat(101)}From: x@b.example\r\n\r\nx`)
    expect(hops.data?.['loop']).toBe(true)
  })
})

describe('bounces that keep to no rule', () => {
  const bounce = async (from: string, subject: string, text: string, more = '') =>
    receive(`From: ${from}\r\nSubject: ${subject}\r\nMessage-ID: <b@x>\r\n${more}\r\n${text}`, {
      'x-rapport-envelope-from': '<>',
    })

  test.each([
    [
      'exim',
      'Mail Delivery System <Mailer-Daemon@h.example>',
      'Mail delivery failed: returning message to sender',
      'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error.\n\n  a@b.example\n    550 5.1.1 User unknown\n\n------ This is a copy of the message ------\n\nMessage-ID: <ours@shop.example>\nFrom: x',
    ],
    [
      'qmail',
      'MAILER-DAEMON@h.example',
      'failure notice',
      "Hi. This is the qmail-send program at h.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<a@b.example>:\n550 5.7.1 no such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <ours@shop.example>",
    ],
    [
      'gmail',
      'Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
      'Delivery Status Notification (Failure)',
      'Delivery to the following recipient failed permanently:\n\n   <a@b.example>\n',
    ],
    [
      'exchange',
      'postmaster@h.example',
      'Undeliverable: Hello',
      'Delivery has failed to these recipients or groups:\n\na@b.example',
    ],
  ])('%s', async (_, from, subject, text) => {
    const events = await bounce(from, subject, text, 'In-Reply-To: <ours@shop.example>\r\n')
    expect(events[0]).toMatchObject({ automatic: 'report', placing: { follows: ['ours@shop.example'] } })
    expect(events[1]).toMatchObject({ type: 'receipt', externalId: 'ours@shop.example', state: 'failed' })
  })

  test('are about our mail also where a relay gave it another Message-ID', async () => {
    const parts = [
      'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n',
      '--b\r\n\r\nIt did not arrive.',
      '--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; r\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1',
      '--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <0100@relay.example>\r\nX-Rapport-Id: <ours@shop.example>',
      '--b--',
    ]
    const events = await receive(`From: mailer-daemon@relay.example\r\n${parts.join('\r\n')}\r\n`)
    expect(events[0]).toMatchObject({ automatic: 'report', placing: { follows: ['ours@shop.example'] } })
    expect(events[1]).toMatchObject({
      type: 'receipt',
      externalId: 'ours@shop.example',
      state: 'failed',
      anywhere: true,
    })
  })

  test('are no failure while somebody still tries', async () => {
    const events = await bounce(
      'MAILER-DAEMON@h.example',
      'Warning: message delayed 24 hours',
      'THIS IS A WARNING MESSAGE ONLY.\n4.4.1 could not be delivered yet',
      'In-Reply-To: <ours@shop.example>\r\n',
    )
    expect(events.map(({ type }) => type)).toEqual(['message'])
  })

  test('are no reports where a person writes the same words', async () => {
    const events = await receive(
      'From: ann@b.example\r\nIn-Reply-To: <ours@shop.example>\r\n\r\nMy parcel could not be delivered to all of us',
      { 'x-rapport-envelope-from': 'ann@b.example' },
    )
    expect(events).toHaveLength(1)
    expect((events[0] as InboundMessage).automatic).toBeUndefined()
  })
})

describe('words', () => {
  test.each([
    ['utf-8 under a Latin label', Buffer.from('Grüße'), 'iso-8859-1', 'Grüße'],
    ['Latin under the label of utf-8', Buffer.from('Gr\xfc\xdfe', 'latin1'), 'utf-8', 'Grüße'],
    ['quotation marks of Windows', Buffer.from('\x93a\x94', 'latin1'), 'iso-8859-1', '“a”'],
    [
      'Cyrillic without a label',
      Buffer.from([
        0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4, 0x20, 0xcb, 0xc1, 0xcb, 0x20, 0xc4, 0xc5, 0xcc, 0xc1, 0x20, 0xd3, 0xc5,
        0xc7, 0xcf, 0xc4, 0xce, 0xd1, 0x20, 0xd7, 0xc5, 0xde, 0xc5, 0xd2, 0xcf, 0xcd,
      ]),
      '',
      'Привет как дела сегодня вечером',
    ],
    ['gb2312', Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), 'gb2312', '你好'],
    ['iso-2022-jp without a label', Buffer.from('\x1b$BCmJ8\x1b(B', 'latin1'), '', '注文'],
    ['utf-7', Buffer.from('Hi +AOQ-+-'), 'utf-7', 'Hi ä+'],
    ['a label of nothing', Buffer.from('Gr\xfc\xdfe', 'latin1'), 'x-unheard-of', 'Grüße'],
    ['a label without a decoder', Buffer.from('abc'), 'iso-2022-kr', 'abc'],
  ])('%s', (_, bytes, label, text) => {
    expect(decodeText(bytes, label)).toBe(text)
  })

  test('in headers come as 8-bit, as encoded words, and in pieces', async () => {
    const latin = await messageOf(Buffer.from('From: a@b\r\nSubject: Gr\xfc\xdfe\r\n\r\nx', 'latin1'))
    expect(latin.subject).toBe('Grüße')
    const split = await messageOf('From: a@b\r\nSubject: =?utf-8?B?R3LDvA==?=\r\n =?utf-8?Q?=C3=9Fe_you?=\r\n\r\nx')
    expect(split.subject).toBe('Grüße you')
    expect(
      parseStructured(`attachment; filename*0*=utf-8''%e2%82%ac; filename*1=" rates.txt"`).parameters.get('filename'),
    ).toBe('€ rates.txt')
    expect(parseStructured('text/plain (odd); name="a \\"b\\".txt"; name=c').parameters.get('name')).toBe('a "b".txt')
  })

  test('that flow are put together, at their depth and not through a signature', () => {
    expect(unflowed('a \nb\n> c \n> d\n-- \nme', false)).toBe('a b\n> c d\n-- \nme')
    expect(unflowed('ab \ncd', true)).toBe('abcd')
  })

  test('are cut at a megabyte, and say so', async () => {
    const long = await messageOf(`From: a@b\r\n\r\n${'word '.repeat(300_000)}`)
    expect(long.text.length).toBeLessThanOrEqual(1024 * 1024)
    expect(long.data).toMatchObject({ cut: true })
  })
})

describe('an invitation', () => {
  const event = (summary: string) =>
    `BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
  const mail = (kept: string) =>
    [
      'From: a@b.example',
      'Content-Type: multipart/mixed; boundary=m',
      '',
      '--m',
      'Content-Type: multipart/alternative; boundary=n',
      '',
      '--n',
      'Content-Type: text/plain',
      '',
      'Come at ten.',
      '--n',
      'Content-Type: text/calendar; charset=utf-8; method=REQUEST',
      '',
      event('A tour'),
      '--n--',
      '--m',
      'Content-Type: application/ics; name="invite.ics"',
      'Content-Disposition: attachment; filename="invite.ics"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(kept).toString('base64'),
      '--m--',
      '',
    ].join('\r\n')

  test('that came as a part and as a file is one file, under its name', async () => {
    const { media, data } = await messageOf(mail(event('A tour').replaceAll('\r\n', '\n')))
    expect(media?.map(({ name }) => name)).toEqual(['invite.ics'])
    expect(data?.['calendar']).toMatchObject({ summary: 'A tour', method: 'REQUEST' })
  })

  test('beside another one is two files', async () => {
    const { media } = await messageOf(mail(event('Another tour')))
    expect(media?.map(({ name }) => name)).toEqual(['invitation-1.ics', 'invite.ics'])
  })
})

test('a mail without an empty line after its head is read up to where the head ends', () => {
  expect(readHead(Buffer.from('Subject: x\nFrom: a@b\nHello there')).bodyAt).toBe(21)
})

test.each([
  ['Re: AW: Fwd: x', 'x'],
  ['RE[2]: x', 'x'],
  ['SV: VS: Odp: 回复：x', 'x'],
  ['Re:', ''],
  ['Regarding: x', 'Regarding: x'],
  ['R: TR: x', 'x'],
])('the title of "%s" is "%s"', (subject, title) => {
  expect(cleanSubject(subject)).toBe(title)
})

test.each([
  ['Tue, 1 Sep 2026 12:15:00 +0200', '2026-09-01T10:15:00.000Z'],
  ['Tue, 1 Sep 26 12:15 PDT (comment)', '2026-09-01T19:15:00.000Z'],
  ['Tue Sep  1 12:15:00 2026', '2026-09-01T12:15:00.000Z'],
  ['2026-09-01T12:15:00Z', '2026-09-01T12:15:00.000Z'],
  ['Thu, 1 Jan 1970 00:00:00 +0000', '1970-01-01T00:00:00.000Z'],
  ['32 Foo 2026', undefined],
  ['yesterday', undefined],
])('the date "%s" is %s', (written, expected) => {
  expect(parseDate(written)?.toISOString()).toBe(expected)
})
