// What comes in from open networks: context, warnings, polls, cards, engagement.
import { beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { getMessages } from './messages.ts'
import { anInbox, conversationRow, minute, takeIn, type MadeInbox } from './factories.ts'
import { aPost, square } from './testing/square.ts'

const database = useDatabase()
let inbox: MadeInbox
beforeEach(async () => {
  inbox = await anInbox(database.db, { connector: square })
})

const into = (...events: object[]) => takeIn(database.db, inbox, events, minute(90))
const messages = () =>
  database.db.read(inbox, (tx) => tx.selectFrom('messages').selectAll().orderBy('occurredAt').orderBy('seq').execute())
const only = async () => {
  const rows = await database.db.read(inbox, (tx) => tx.selectFrom('conversations').select('id').execute())
  expect(rows).toHaveLength(1)
  return conversationRow(database.db, inbox, rows[0]!.id)
}
const shown = async () => {
  const rows = await messages()
  return database.db.read(inbox, (tx) =>
    getMessages(
      tx,
      inbox.owner,
      rows.map(({ id }) => id),
    ),
  )
}
const events = () =>
  database.db.read(inbox, (tx) => tx.selectFrom('events').select(['type', 'data']).orderBy('seq').execute())
const customerOf = async ({ customerId }: { readonly customerId: string }) =>
  database.db.read(inbox, (tx) =>
    tx.selectFrom('customers').select('name').where('id', '=', customerId).executeTakeFirst(),
  )

const ann = { externalId: 'ann', name: 'Ann' }

describe('what stands around a conversation', () => {
  const around = () =>
    aPost({ externalId: 'root', author: ann, context: true, text: 'Long queues today', at: minute(-30) })
  const said = () =>
    aPost({ externalId: 'said', parentExternalId: 'root', text: 'And you lost my bag.', at: minute(0) })
  const later = () =>
    aPost({
      externalId: 'reply',
      parentExternalId: 'said',
      author: ann,
      context: true,
      text: 'Mine too',
      at: minute(5),
    })

  const facts = async () => {
    const row = await only()
    return {
      customer: (await customerOf(row))?.name,
      state: row.state,
      episode: row.episode,
      waits: row.waitingSince,
      first: row.firstMessageAt,
      last: row.lastActivityAt,
      preview: row.preview,
      subject: row.subject,
      count: row.messageCount,
      unread: row.lastInboundSeq > 0,
    }
  }
  const wanted = {
    customer: 'Jo Customer',
    state: 'open',
    episode: 1,
    waits: minute(0),
    first: minute(0),
    last: minute(0),
    preview: 'And you lost my bag.',
    subject: 'And you lost my bag.',
    count: 3,
    unread: true,
  }

  test.each([
    ['together', (a: object, b: object, c: object) => [[a, b, c]]],
    ['the context first', (a: object, b: object, c: object) => [[a], [c], [b]]],
    ['the context last', (a: object, b: object, c: object) => [[b], [c], [a]]],
    ['all at once, backwards', (a: object, b: object, c: object) => [[c, b, a]]],
  ])('is shown and moves nothing: %s', async (_, order) => {
    for (const batch of order(around(), said(), later())) await into(...batch)
    expect(await facts()).toEqual(wanted)
    const rows = await messages()
    expect(rows.map(({ externalId, context }) => [externalId, context])).toEqual([
      ['root', true],
      ['said', false],
      ['reply', true],
    ])
    expect(rows.map(({ parentId }) => parentId)).toEqual([null, rows[0]!.id, rows[1]!.id])
    const told = (await events()).map(({ type }) => type)
    expect(told.filter((type) => type === 'inbox.message_received')).toHaveLength(1)
    expect(told.filter((type) => type === 'inbox.conversation_opened')).toHaveLength(1)
    expect(told.filter((type) => type === 'inbox.context_added')).toHaveLength(2)
  })

  test('alone it opens nothing and nobody waits', async () => {
    await into(around())
    expect(await facts()).toMatchObject({ state: 'resolved', waits: null, unread: false, preview: 'Long queues today' })
  })

  test('reopens nothing that was resolved', async () => {
    await into(said())
    await database.db.write(inbox, (tx) => tx.updateTable('conversations').set({ state: 'resolved' }).execute())
    await into(later())
    expect(await facts()).toMatchObject({ state: 'resolved', episode: 1 })
  })

  test.each([
    ['in two batches', (a: object, b: object) => [[a], [b]]],
    ['in one batch', (a: object, b: object) => [[a, b]]],
    ['the other way round', (a: object, b: object) => [[b], [a]]],
    [
      'twice over',
      (a: object, b: object) => [
        [a, b],
        [b, a],
      ],
    ],
  ])('is heard once it turns out to be said to us: %s', async (_, order) => {
    const seen = aPost({ externalId: 'said', context: true, text: 'And you lost my bag.' })
    for (const batch of order(seen, said())) await into(...batch)
    expect(await facts()).toEqual({ ...wanted, count: 1 })
    expect(await messages()).toMatchObject([{ externalId: 'said', context: false, episode: 1 }])
    expect((await events()).filter(({ type }) => type === 'inbox.message_received')).toHaveLength(1)
  })
})

describe('what a post carries', () => {
  const post = () =>
    aPost({
      externalId: 'post',
      text: 'Which one?',
      url: 'https://square.example/@jo/1',
      warning: 'Lost luggage',
      poll: { options: [{ text: 'Red', votes: 3 }, { text: 'Blue' }], closesAt: minute(600), multiple: false },
      embeds: [
        { kind: 'link', url: 'https://news.example/bags', title: 'Bags', image: { url: 'https://news.example/i.png' } },
        { kind: 'link', url: 'javascript:alert(1)', title: 'No' },
      ],
    })

  test('is kept and shown, without pictures from outside and without addresses that are none', async () => {
    await into(post())
    expect((await shown())[0]).toMatchObject({
      url: 'https://square.example/@jo/1',
      warning: 'Lost luggage',
      poll: {
        options: [{ text: 'Red', votes: 3 }, { text: 'Blue' }],
        closesAt: minute(600).toISOString(),
        multiple: false,
      },
      embeds: [{ kind: 'link', url: 'https://news.example/bags', title: 'Bags' }],
      context: false,
    })
    // One that hides itself is called by what it warns of.
    expect((await only()).subject).toBe('Lost luggage')
  })

  test('changes with its edit, in whatever order they come', async () => {
    const edit = {
      type: 'edit',
      externalId: 'post',
      text: 'Which of these?',
      warning: 'Bags',
      poll: { options: [{ text: 'Red', votes: 5 }], multiple: false },
      at: minute(9),
    }
    await into(edit)
    await into(post())
    expect((await shown())[0]).toMatchObject({
      body: 'Which of these?',
      warning: 'Bags',
      poll: { options: [{ votes: 5 }] },
    })
    await into({ type: 'edit', externalId: 'post', text: 'Which?', at: minute(10) })
    expect((await shown())[0]).toMatchObject({ body: 'Which?', warning: null, poll: { options: [{ votes: 5 }] } })
  })

  test('goes with the message when that is deleted', async () => {
    await into(post(), {
      type: 'engagement',
      externalId: 'post',
      deed: { kind: 'like', by: ann, externalId: 'l' },
      at: minute(1),
    })
    await into({ type: 'deletion', externalId: 'post', at: minute(2) })
    for (const table of ['messagePosts', 'messageDeeds'] as const)
      expect(await database.db.read(inbox, (tx) => tx.selectFrom(table).selectAll().execute())).toEqual([])
    expect((await shown())[0]).toMatchObject({ url: null, poll: null, embeds: [], engagement: {} })
  })
})

describe('engagement', () => {
  const like = (name: string, given: object = {}, at = minute(1)) => ({
    type: 'engagement',
    externalId: 'post',
    deed: { kind: 'like', by: { externalId: name, name }, externalId: `like of ${name}`, ...given },
    at,
  })
  const counts = (likes: number, at: Date) => ({
    type: 'engagement',
    externalId: 'post',
    counts: { likes, replies: 2 },
    at,
  })
  const engagement = async () => (await shown())[0]!.engagement

  test('each deed counts once, also when it came before its message, and undone it counts no more', async () => {
    await into(like('a'), like('b'))
    await into(aPost({ externalId: 'post' }))
    expect(await engagement()).toEqual({ likes: 2 })
    await into(like('a'), like('b'), like('c'))
    expect(await engagement()).toEqual({ likes: 3 })
    await into(like('a', { undone: true }, minute(2)), like('a'))
    expect(await engagement()).toEqual({ likes: 2 })
    await into(like('d', { undone: true }, minute(3)))
    await into(like('d', {}, minute(2)))
    expect(await engagement()).toEqual({ likes: 2 })
  })

  test('of counts the newest word stands, and whoever liked is no customer', async () => {
    await into(aPost({ externalId: 'post', engagement: { likes: 1 }, at: minute(0) }))
    await into(counts(40, minute(200)), like('a'))
    await into(counts(7, minute(150)))
    expect(await engagement()).toEqual({ likes: 40, replies: 2 })
    expect(await database.db.read(inbox, (tx) => tx.selectFrom('customers').select('id').execute())).toHaveLength(1)
  })

  test('a batch of it takes as many statements as one', async () => {
    await into(aPost({ externalId: 'post' }))
    const statements = async (work: () => Promise<unknown>) => {
      const client = await database.db.pool.connect()
      const query = client.query.bind(client)
      let count = 0
      client.query = ((...args: Parameters<typeof query>) => (count++, query(...args))) as never
      client.release()
      await work()
      client.query = query
      return count
    }
    const one = await statements(() => into(like('a')))
    const many = await statements(() => into(...Array.from({ length: 100 }, (_, i) => like(`x${i}`))))
    expect(many).toBe(one)
    expect(await engagement()).toEqual({ likes: 101 })
  })
})
