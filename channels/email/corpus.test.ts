// Every mail of the sets: one message each, soundly, in bounded time.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { mailDocument } from '#platform/http/mail-html'
import type { InboundEvent, InboundMessage } from '../connector.ts'
import { nearestAncestors } from './ancestors.ts'
import { receiveMail } from './receive.ts'

const folder = join(fileURLToPath(new URL('../../', import.meta.url)), '..', 'shared', 'data', 'mail')
const there = existsSync(folder)
if (!there) console.info(`skipped: the sets of mails are not beside the repository (${folder})`)

const receivedAt = new Date('2026-09-01T12:00:00.000Z')
const receive = (body: Buffer): Promise<readonly InboundEvent[]> =>
  receiveMail(
    { id: 'd', headers: {}, body, receivedAt },
    { connectionId: 'c', settings: { address: 'help@shop.example' } },
  )

const isMessage = (event: InboundEvent): event is InboundMessage => event.type === 'message'

async function messageOf(body: Buffer): Promise<InboundMessage> {
  const messages = (await receive(body)).filter(isMessage)
  expect(messages).toHaveLength(1)
  return messages[0]!
}

describe.skipIf(!there)('the sets of mails', () => {
  test.each(['ruby-mail', 'mime4j', 'talon/standard_replies'])('%s: every mail is one message', async (set) => {
    const files = readdirSync(join(folder, set), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    expect(files.length).toBeGreaterThan(10)
    for (const { name, parentPath } of files) {
      const message = await messageOf(readFileSync(join(parentPath, name)))
      expect(message.externalId, name).not.toBe('')
      const says = message.text.trim() !== '' || (message.media?.length ?? 0) > 0 || message.subject !== undefined
      expect(says || message.addressees !== undefined, name).toBe(true)
    }
  })

  test(
    '6,046 real mails: each one message with a name of its own, shown without script, its ancestor found',
    { timeout: 300_000 },
    async () => {
      const lines = gunzipSync(readFileSync(join(folder, 'spamassassin.jsonl.gz')))
        .toString('utf8')
        .trim()
        .split('\n')
      const mails: { externalId: string; follows: readonly string[] }[] = []
      let slowest = { ms: 0, id: '' }
      let folded = 0
      for (const line of lines) {
        const { id, text } = JSON.parse(line) as { id: string; text: string }
        const since = performance.now()
        const message = await messageOf(Buffer.from(text, 'latin1'))
        const ms = performance.now() - since
        if (ms > slowest.ms) slowest = { ms, id }
        if (message.quoted !== undefined) folded++
        if (message.html !== undefined)
          expect(mailDocument(message.html, { images: 'blocked' }).html).not.toMatch(/<script|<iframe|\ssrc="https?:/i)
        mails.push({ externalId: message.externalId, follows: message.placing!.follows })
      }
      const answered = nearestAncestors(mails).size
      console.info(
        `${mails.length} mails, ${folded} with something folded, ${answered} with an ancestor, slowest ${slowest.id} ${Math.round(slowest.ms)} ms`,
      )
      expect(mails).toHaveLength(6_046)
      expect(new Set(mails.map(({ externalId }) => externalId)).size).toBe(6_046)
      expect(answered).toBe(1_624)
      expect(slowest.ms).toBeLessThan(2_000)
    },
  )
})

const head = 'From: a@b.example\r\nMessage-ID: <bomb@b.example>\r\nSubject: Bomb\r\n'
const bombs: readonly (readonly [string, () => Buffer])[] = [
  ['10,000 multiparts inside each other', () => nested(10_000)],
  [
    '100,000 parts',
    () => Buffer.from(`${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}`),
  ],
  ['100,000 headers', () => Buffer.from(`${head}${'X-A: b\r\n'.repeat(100_000)}\r\nhello`)],
  ['100,000 lines that are no headers', () => Buffer.from(`${head}${'garbage\r\n'.repeat(100_000)}\r\nhello`)],
  ['a header of 5 MB', () => Buffer.from(`${head}References: ${'<a@b> '.repeat(900_000)}\r\n\r\nhello`)],
  ['5 MB of addresses', () => Buffer.from(`${head}To: ${'a@b.example, '.repeat(400_000)}\r\n\r\nhello`)],
  ['5 MB of comments', () => Buffer.from(`${head}Content-Type: text/plain${'('.repeat(5_000_000)}\r\n\r\nhello`)],
  [
    '5 MB of encoded words',
    () => Buffer.from(`From: a@b.example\r\nSubject: ${'=?utf-8?q?a?= '.repeat(350_000)}\r\n\r\nhello`),
  ],
  [
    '50 MB of base64',
    () =>
      Buffer.from(
        `${head}Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'abcd'.repeat(19)}\r\n`.repeat(650_000)}`,
      ),
  ],
  [
    'base64 of nothing but padding',
    () => Buffer.from(`${head}Content-Transfer-Encoding: base64\r\n\r\n${'YQ==\r\n'.repeat(500_000)}`),
  ],
  [
    '20 MB of quoted-printable',
    () => Buffer.from(`${head}Content-Transfer-Encoding: quoted-printable\r\n\r\n${'=41'.repeat(7_000_000)}`),
  ],
  [
    '10 MB of equals signs and blanks',
    () =>
      Buffer.from(`${head}Content-Transfer-Encoding: quoted-printable\r\n\r\n${`=${' '.repeat(99)}`.repeat(100_000)}`),
  ],
  ['20 MB of line ends', () => Buffer.concat([Buffer.from(`${head}\r\n`), Buffer.alloc(20_000_000, '\n')])],
  ['5 MB of tags', () => Buffer.from(`${head}Content-Type: text/html\r\n\r\n${'<div><b '.repeat(600_000)}`)],
  ['2 MB of tables', () => Buffer.from(`${head}Content-Type: text/html\r\n\r\n${'<table><tr><td>'.repeat(140_000)}x`)],
  [
    '5 MB of flowed lines',
    () => Buffer.from(`${head}Content-Type: text/plain; format=flowed\r\n\r\n${'word \r\n'.repeat(700_000)}`),
  ],
  ['mails in mails, 2,000 deep', () => Buffer.from('Content-Type: message/rfc822\r\n\r\n'.repeat(2_000))],
]

function nested(depth: number): Buffer {
  const levels = Array.from(
    { length: depth },
    (_, index) => `Content-Type: multipart/mixed; boundary=b${index}x\r\n\r\n--b${index}x\r\n`,
  )
  return Buffer.from(head + levels.join(''))
}

describe('a bomb', () => {
  test.each(bombs)('%s is one message in bounded time and space', { timeout: 60_000 }, async (_, make) => {
    const body = make()
    const before = process.memoryUsage().rss
    const since = performance.now()
    const message = await messageOf(body)
    const took = performance.now() - since
    expect(message.text.length).toBeLessThanOrEqual(1024 * 1024)
    expect((message.html ?? '').length).toBeLessThanOrEqual(2 * 1024 * 1024)
    expect(took).toBeLessThan(5_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1024 * 1024)
  })
})
