import { beforeEach, expect, test } from 'vitest'
import { aFileStore } from '#platform/testing/files'
import { useDatabase } from '#platform/testing/database'
import { aDelivery } from '../../connections/server/factories.ts'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import { at, minute, takeIn, type MadeInbox } from './factories.ts'
import { findHtml, headerLines, htmlDocument, readRaw } from './originals.ts'
import { aMail, aMailbox, mailIn, seenIn } from './testing/mail.ts'

const database = useDatabase()
let inbox: MadeInbox
beforeEach(async () => {
  inbox = await aMailbox(database.db)
})

const MAIL = Buffer.from(
  'Received: from mx\r\n by us;\r\n\tMon, 2 Nov 2026\r\nFrom: Jo <jo@customer.example>\r\nsubject : Lost \xe4\r\n\r\nBody: no header\r\n',
)

/** A message whose delivery is this one. */
async function delivered(body: Buffer, headers: Record<string, string> = {}): Promise<string> {
  const delivery = await aDelivery(database.db, inbox.connection, { body, headers, at: minute(60) })
  await mailIn(database.db, inbox, aMail('a', { html: '<p onclick="x()">Hi <img src="cid:tag@mail"></p>' }))
  const { id } = (await seenIn(database.db, inbox)).get('a')!
  await database.db.write(inbox, (tx) =>
    tx
      .updateTable('messages')
      .set({ deliveryId: delivery.id, receivedAt: delivery.receivedAt })
      .where('id', '=', id)
      .execute(),
  )
  return id
}
const raw = (id: string, actor = at(inbox.owner, minute(61))) =>
  database.db.write(actor, (tx) => readRaw(tx, actor, id))

test('a delivery is read byte for byte, its header lines in order, and the reading is written down', async () => {
  const id = await delivered(MAIL)
  const found = await raw(id)
  expect(found.body.equals(MAIL)).toBe(true)
  expect(headerLines(found)).toEqual([
    { name: 'Received', value: 'from mx by us; Mon, 2 Nov 2026' },
    { name: 'From', value: 'Jo <jo@customer.example>' },
    { name: 'subject', value: expect.stringContaining('Lost') },
  ])
  const log = await database.db.read(inbox, (tx) =>
    tx.selectFrom('accessLog').select(['action', 'subjectId']).execute(),
  )
  expect(log).toEqual([{ action: 'inbox.raw_read', subjectId: id }])
})

test('what is no mail shows the headers that it was delivered with', async () => {
  const id = await delivered(Buffer.from('{"type":"message"}'), { 'webhook-id': 'w1' })
  expect(headerLines(await raw(id))).toEqual([{ name: 'webhook-id', value: 'w1' }])
})

test('a delivery that held several messages is shown beside none of them', async () => {
  await takeIn(database.db, inbox, [aMail('x'), aMail('y')])
  await expect(raw((await seenIn(database.db, inbox)).get('x')!.id)).rejects.toMatchObject({ code: 'inbox.no_raw' })
})

test('who may not see the conversation sees neither HTML nor delivery, as if there were none', async () => {
  const id = await delivered(MAIL)
  const team = await aTeam(database.db, inbox.workspaceId)
  await database.db.write(inbox, (tx) => tx.updateTable('conversations').set({ teamId: team.id }).execute())
  const agent = at(await aMember(database.db, inbox.workspaceId, 'agent', { teamIds: [] }), minute(61))
  await expect(raw(id, agent)).rejects.toMatchObject({ status: 404 })
  await expect(database.db.read(agent, (tx) => findHtml(tx, agent, id))).rejects.toMatchObject({ status: 404 })
})

test('HTML is a document that can run nothing and fetches nothing unless it is asked to', async () => {
  const id = await delivered(MAIL)
  const files = await aFileStore()
  const put = await files.put(Buffer.from('picture'), { maxBytes: 100 })
  await database.db.write(inbox, (tx) =>
    tx
      .insertInto('attachments')
      .values({
        workspaceId: inbox.workspaceId,
        id,
        messageId: id,
        name: 'tag.png',
        mediaType: 'image/png',
        kind: 'image',
        size: 7,
        sha256: put.ok ? put.sha256 : null,
        state: 'stored',
        contentId: 'tag@mail',
        createdAt: minute(1),
      })
      .execute(),
  )
  const stored = await database.db.read(inbox.owner, (tx) => findHtml(tx, inbox.owner, id))
  const blocked = await htmlDocument(files, stored, 'blocked')
  expect(blocked.html).toContain(`data:image/png;base64,${Buffer.from('picture').toString('base64')}`)
  expect(blocked.html).not.toContain('onclick')
  expect(blocked.headers['content-security-policy']).toMatch(
    /^sandbox [^;]*; default-src 'none'; img-src 'self' data:; /,
  )
  expect(blocked.headers['content-security-policy']).not.toMatch(/allow-scripts|allow-same-origin|https:/)
  const shown = await htmlDocument(files, stored, 'shown')
  expect(shown.headers['content-security-policy']).toContain("img-src 'self' data: https:;")
})
