// Search goes three ways (the newest messages one by one, what is few of the whole time at once, else week by week); whoever pages
// through must not see the seams.
import { sql } from 'kysely'
import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { programActor, type Actor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import { aConversation, anInbox, DAY, type MadeInbox } from './factories.ts'
import { searchMessages } from './search-hits.ts'

const database = useDatabase()
const MESSAGES = 2600
let inbox: MadeInbox
let ofTeam: Actor
let ofNone: Actor

// Over thirty weeks, four messages sharing each moment, the team's conversation and everybody's in turn.
beforeAll(async () => {
  inbox = await anInbox(database.db)
  const team = await aTeam(database.db, inbox.workspaceId)
  ofTeam = await aMember(database.db, inbox.workspaceId, 'agent', { teamIds: [team.id] })
  ofNone = await aMember(database.db, inbox.workspaceId, 'agent')
  const { id: open } = await aConversation(database.db, inbox)
  const { id: closed } = await aConversation(database.db, inbox, { teamId: team.id })
  const actor = programActor(inbox.workspaceId, DAY)
  await database.db.write(actor, async (tx) => {
    await sql`
      with made as (
        insert into messages (workspace_id, id, conversation_id, episode, kind, visibility, body, occurred_at, received_at)
        select ${inbox.workspaceId}::uuid, md5('search ' || n)::uuid,
          case when n % 2 = 0 then ${open}::uuid else ${closed}::uuid end, 1, 'in', 'private',
          concat_ws(' ', 'always', case when n % 10 = 0 then 'tenth' end, case when n % 400 = 7 then 'seldom' end, case when n = 2599 then 'once' end),
          ${DAY}::timestamptz - (n / 4) * interval '8 hours', ${DAY}::timestamptz
        from generate_series(0, ${MESSAGES - 1}::int) n
        returning workspace_id, id, conversation_id, occurred_at, body
      )
      insert into message_search (workspace_id, bucket, message_id, conversation_id, occurred_at, words)
      select workspace_id, floor(extract(epoch from occurred_at) / 604800)::int, id, conversation_id, occurred_at, to_tsvector('simple', fold_text(body))
      from made
    `.execute(tx)
  })
  await analyse()
})

/** As the database's housekeeping does: what was just written is sorted into the index, and counted. */
async function analyse(): Promise<void> {
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  await owner.query('vacuum analyze message_search')
  await owner.end()
}

/** All pages, one behind the other. */
async function found(actor: Actor, q: string, limit: number): Promise<string[]> {
  const ids: string[] = []
  let after: string | undefined
  do {
    const page = await database.db.read(actor, (tx) => searchMessages(tx, actor, { q, limit, after }))
    ids.push(...page.items.map(({ messageId }) => messageId))
    after = page.next ?? undefined
  } while (after !== undefined)
  return ids
}

async function expected(word: string, open: boolean): Promise<string[]> {
  const { rows } = await database.db.read(inbox, (tx) =>
    sql<{ id: string }>`
      select s.message_id as id from message_search s join conversations c on c.id = s.conversation_id
      where s.words @@ to_tsquery('simple', ${word}) and (${!open} or c.team_id is null)
      order by s.occurred_at desc, s.message_id desc
    `.execute(tx),
  )
  return rows.map(({ id }) => id)
}

test.each([
  ['always', 100],
  ['tenth', 30],
  ['tenth', 7],
  ['seldom', 3],
  ['once', 30],
  ['never', 30],
])('every message with %s is found once and in order, in pages of %i', async (word, limit) => {
  const all = await expected(word, false)
  if (word !== 'never') expect(all.length).toBeGreaterThan(0)
  expect(await found(ofTeam, word, limit)).toEqual(all)
})

test('whoever does not see the team’s conversations finds the rest across the same seam', async () => {
  for (const word of ['always', 'tenth', 'seldom']) {
    expect(await found(ofNone, word, 100), word).toEqual(await expected(word, true))
  }
  expect(await found(ofNone, 'once', 30)).toEqual([])
})

test('a word that everybody writes costs whoever sees almost nothing a bounded page, and their one message is found', async () => {
  const crowded = await anInbox(database.db)
  const team = await aTeam(database.db, crowded.workspaceId)
  const outsider = await aMember(database.db, crowded.workspaceId, 'agent')
  const { id: hidden } = await aConversation(database.db, crowded, { teamId: team.id })
  const { id: open, messageIds } = await aConversation(database.db, crowded, {
    texts: ['everybody, once'],
    from: new Date(DAY.getTime() - 400 * 86_400_000),
  })
  expect(open).not.toBe(hidden)
  await database.db.write(programActor(crowded.workspaceId, DAY), (tx) =>
    sql`
      with made as (
        insert into messages (workspace_id, id, conversation_id, episode, kind, visibility, body, occurred_at, received_at)
        select ${crowded.workspaceId}::uuid, gen_random_uuid(), ${hidden}::uuid, 1, 'in', 'private', concat('everybody writes this', case when n between 1500 and 3999 then ' once' end),
          ${DAY}::timestamptz - n * interval '5 minutes', ${DAY}::timestamptz
        from generate_series(0, 12999) n
        returning workspace_id, id, conversation_id, occurred_at, body
      )
      insert into message_search (workspace_id, bucket, message_id, conversation_id, occurred_at, words)
      select workspace_id, floor(extract(epoch from occurred_at) / 604800)::int, id, conversation_id, occurred_at, to_tsvector('simple', fold_text(body))
      from made
    `.execute(tx),
  )
  const pages: string[][] = []
  let after: string | undefined
  do {
    const page = await database.db.read(outsider, (tx) => searchMessages(tx, outsider, { q: 'everybody', after }))
    pages.push(page.items.map(({ messageId }) => messageId))
    after = page.next ?? undefined
  } while (after !== undefined)
  // Six thousand are looked through for a page, not all thirteen.
  expect(pages).toEqual([[], [], [...messageIds]])
  const all = await database.db.read(crowded.owner, (tx) => searchMessages(tx, crowded.owner, { q: 'everybody' }))
  expect(all.items).toHaveLength(30)
  // Not in the newest thousand and yet too many to be put in order at once: the weeks hold every one of them.
  const once = await found(crowded.owner, 'once', 100)
  expect([once.length, new Set(once).size, once.at(-1)]).toEqual([2501, 2501, messageIds[0]])
})

test('what is rare in the whole time is asked for once, not once a week', async () => {
  for (const [q, times] of [
    ['once', 1],
    ['once always', 1],
    ['"always once"', 1],
    ['never', 1],
    // In the newest thousand, and fewer than the page takes: a week, then all.
    ['seldom', 2],
  ] as const) {
    const asked = await database.db.read(ofTeam, async (tx) => {
      await searchMessages(tx, ofTeam, { q })
      const { rows } = await sql<{ n: number }>`
        select pg_stat_get_xact_numscans('message_search_words'::regclass)::int as n`.execute(tx)
      return rows[0]!.n
    })
    expect([q, asked]).toEqual([q, times])
  }
})

test.each(
  [
    '"',
    '"a',
    "'",
    'a & | ! b',
    '(((',
    ':* <->',
    '-',
    '-always',
    'or or',
    '\\',
    '%_*',
    '\0',
    'al\0ways',
    '...!?',
    '😀 👨‍👩‍👧',
    '\u202eשלום',
    '漢字',
    '\ud800',
    'a '.repeat(100),
    'a'.repeat(10_000),
    'always '.repeat(1500),
    '('.repeat(10_000),
    '"'.repeat(10_000),
  ].map((q) => ({ q, shown: `${JSON.stringify(q.slice(0, 20))} (${q.length})` })),
)('looking for $shown is answered', async ({ q }) => {
  for (const actor of [ofTeam, ofNone]) {
    const { items } = await database.db.read(actor, (tx) => searchMessages(tx, actor, { q }))
    expect(items.length).toBeLessThanOrEqual(30)
  }
})
