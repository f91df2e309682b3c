import fc from 'fast-check'
import { randomUUIDv7 } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { programActor, type Actor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import { knowSpeakers } from './identities.ts'
import { speakerKey, type KnownSpeaker, type Speaker } from './speakers.ts'
import { searchCustomers } from './lists.ts'

const database = useDatabase()
const NOW = new Date('2026-11-21T10:00:00Z')
let actor: Actor

beforeEach(async () => {
  actor = await aTenant()
})

async function aTenant(): Promise<Actor> {
  const workspaceId = randomUUIDv7()
  await database.db.system((tx) =>
    tx
      .insertInto('workspaces')
      .values({ id: workspaceId, slug: `w-${workspaceId.slice(-12)}`, name: 'Hollow Air', createdAt: NOW })
      .execute(),
  )
  return programActor(workspaceId, NOW)
}

const later = (ms: number) => new Date(NOW.getTime() + ms)
const speaker = (externalId: string, over: Partial<Speaker> = {}): Speaker => ({
  channel: 'pager',
  externalId,
  at: NOW,
  ...over,
})
const know = (speakers: readonly Speaker[], who = actor) =>
  database.db.write(who, (tx) => knowSpeakers(tx, who, speakers))
const identities = (who = actor) =>
  database.db.read(who, (tx) => tx.selectFrom('identities').selectAll().orderBy('externalId').execute())
const customers = (who = actor) => database.db.read(who, (tx) => tx.selectFrom('customers').selectAll().execute())
const found = async (q: string) =>
  (await database.db.read(actor, (tx) => searchCustomers(tx, actor, { q }))).items.map(({ name }) => name)

describe('knowing who speaks', () => {
  test('gives one identity a key and one customer an identity, however batches overlap, repeat and race', async () => {
    const anyone = fc.record({
      channel: fc.constantFrom('pager', 'counter'),
      scope: fc.constantFrom('', 'eu'),
      externalId: fc.constantFrom('a', 'b', 'c', 'd', 'A', ' a', '🦊'),
      name: fc.option(fc.string({ unit: 'binary', maxLength: 20 }), { nil: undefined }),
      email: fc.option(fc.constantFrom('x@hollow.example', 'y@hollow.example'), { nil: undefined }),
      seconds: fc.integer({ min: 0, max: 3600 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.array(anyone, { maxLength: 8 }), { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
        async (rounds) => {
          const who = await aTenant()
          const known = new Map<string, KnownSpeaker>()
          for (const round of rounds) {
            // Batches of a round race each other; rounds follow one another.
            const answers = await Promise.all(
              round.map((batch) =>
                know(
                  batch.map(({ seconds, name, email, ...rest }): Speaker => ({
                    ...rest,
                    at: later(seconds * 1000),
                    ...(name !== undefined && { name }),
                    ...(email !== undefined && { email }),
                  })),
                  who,
                ),
              ),
            )
            round.forEach((batch, index) =>
              expect([...answers[index]!.keys()].sort()).toEqual([...new Set(batch.map(speakerKey))].sort()),
            )
            for (const answer of answers)
              for (const [key, value] of answer) {
                const { identityId, customerId } = known.get(key) ?? value
                expect(value).toMatchObject({ identityId, customerId })
                known.set(key, value)
              }
          }
          const [rows, people] = [await identities(who), await customers(who)]
          expect(rows.map(speakerKey).sort()).toEqual([...known.keys()].sort())
          expect(rows.map(({ customerId }) => customerId).sort()).toEqual(people.map(({ id }) => id).sort())
        },
      ),
      { numRuns: 40 },
    )
  })

  test('lets the later of two open transactions read what the earlier one made', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    let first = new Map<string, KnownSpeaker>()
    let made = (): void => {}
    const madeFirst = new Promise<void>((resolve) => (made = resolve))
    const one = database.db.write(actor, async (tx) => {
      first = await knowSpeakers(tx, actor, [speaker('b'), speaker('c')])
      made()
      await gate
    })
    await madeFirst
    const two = know([speaker('c'), speaker('b'), speaker('a')])
    const early = await Promise.race([two, new Promise((resolve) => setTimeout(() => resolve('waiting'), 150))])
    expect(early).toBe('waiting')
    release()
    await one
    const second = await two
    for (const [key, value] of first) expect(second.get(key)).toEqual(value)
    expect(second.size).toBe(3)
    expect(await customers()).toHaveLength(3)
  })

  test('meets a maker that rolled back without a trace of it', async () => {
    let made = (): void => {}
    const madeFirst = new Promise<void>((resolve) => (made = resolve))
    const one = database.db.write(actor, async (tx) => {
      await knowSpeakers(tx, actor, [speaker('a')])
      made()
      await new Promise((resolve) => setTimeout(resolve, 100))
      throw new Error('rolled back')
    })
    await madeFirst
    const [outcome, second] = await Promise.all([one.catch((error: Error) => error.message), know([speaker('a')])])
    expect(outcome).toBe('rolled back')
    expect((await identities()).map(({ id }) => id)).toEqual([...second.values()].map(({ identityId }) => identityId))
    expect(await customers()).toHaveLength(1)
  })

  test('never locks in a circle, in whatever order batches name the same people', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `p${i}`)
    await know(names.map((name) => speaker(name)))
    const batches = Array.from({ length: 30 }, (_, round) => {
      const turned = [...names.slice(round), ...names.slice(0, round)]
      return (round % 2 ? turned.toReversed() : turned).map((name) =>
        speaker(name, { name: `Name ${round}`, at: later(round * 400_000) }),
      )
    })
    await Promise.all(batches.map((batch) => know(batch)))
    expect(await customers()).toHaveLength(40)
    expect(new Set((await identities()).map(({ lastSeenAt }) => lastSeenAt.getTime()))).toEqual(
      new Set([later(29 * 400_000).getTime()]),
    )
  })

  test('costs the same statements for one and for two hundred', async () => {
    const count = async (speakers: readonly Speaker[]) => {
      const client = await database.db.pool.connect()
      const query = client.query.bind(client)
      let statements = 0
      client.query = ((...args: Parameters<typeof query>) => (statements++, query(...args))) as never
      client.release()
      await know(speakers)
      client.query = query
      return statements
    }
    const many = Array.from({ length: 200 }, (_, i) => speaker(`m${i}`))
    // Begin, look, two inserts, look again, commit.
    expect([await count([speaker('one')]), await count(many)]).toEqual([6, 6])
    // Known and unchanged: begin, look, commit.
    expect(await count(many)).toBe(3)
    // Changed: two updates more, and word of it.
    expect(await count(many.map((one) => ({ ...one, name: 'New' })))).toBe(6)
  })
})

describe('what people call themselves', () => {
  test('is kept as they wrote it, in every script', async () => {
    const names = [
      '🦊👩‍👩‍👧‍👦',
      'محمد عبد الله',
      'Zoë\u200bMüller',
      'x'.repeat(512),
      "Robert'); drop table customers;--",
      '李小龍',
    ]
    const known = await know(names.map((name, i) => speaker(`n${i}`, { name })))
    expect([...known.values()].map(({ customerName }) => customerName).sort()).toEqual([...names].sort())
    expect(await found('zoemuller')).toEqual(['Zoë\u200bMüller'])
    expect(await found('小龍')).toEqual(['李小龍'])
    expect(await found('عبد')).toEqual(['محمد عبد الله'])
  })

  test('costs nobody their message when it is too long or can’t be written down', async () => {
    const wild = speaker('w', {
      name: `a\u0000b\ud800${'y'.repeat(5000)}`,
      handle: '\u0000',
      avatarUrl: `https://a.example/${'z'.repeat(9000)}`,
      reach: 1e12,
      attributes: { 'a\u0000': 'b\udfff\u0000', '': 'c', ['k'.repeat(500)]: 'v'.repeat(9000) },
    })
    await know([wild])
    await know([{ ...wild, at: later(3_600_000), name: `c\u0000${'y'.repeat(5000)}` }])
    const [identity] = await identities()
    expect(identity!.name).toHaveLength(512)
    expect(identity).toMatchObject({ handle: null, reach: 2 ** 31 - 1 })
    expect(Object.entries((await customers())[0]!.attributes as object).map(([k, v]) => [k.length, v.length])).toEqual(
      expect.arrayContaining([
        [1, 2],
        [64, 2000],
      ]),
    )
  })

  test('fills gaps and leaves what the desk wrote', async () => {
    await know([speaker('a')])
    await database.db.write(actor, (tx) =>
      tx
        .updateTable('customers')
        .set({ name: 'Ann (VIP)', attributes: JSON.stringify({ email: 'desk@hollow.example' }) })
        .execute(),
    )
    const known = await know([speaker('a', { name: 'annie', email: 'own@hollow.example', phone: '+43 1' })])
    expect([...known.values()][0]!.customerName).toBe('Ann (VIP)')
    expect((await customers())[0]).toMatchObject({
      name: 'Ann (VIP)',
      attributes: { email: 'desk@hollow.example', phone: '+43 1' },
    })
    expect((await identities())[0]).toMatchObject({ name: 'annie' })
    expect(await found('annie')).toEqual(['Ann (VIP)'])
  })

  test('in one batch counts to the last word on each thing', async () => {
    await know([
      speaker('a', { name: 'First', email: 'a@hollow.example' }),
      speaker('a', { handle: '@a' }),
      speaker('a', { name: 'Last' }),
    ])
    expect((await identities())[0]).toMatchObject({ name: 'Last', handle: '@a' })
    expect((await customers())[0]).toMatchObject({ attributes: { email: 'a@hollow.example' } })
  })

  test('can’t grow what is kept of them without end', async () => {
    for (let i = 0; i < 6; i++) {
      const attributes = Object.fromEntries(Array.from({ length: 20 }, (_, j) => [`k${i}-${j}`, 'v'.repeat(100)]))
      await know([speaker('a', { name: `Name ${i} ${'n'.repeat(490)}`, attributes })])
    }
    const [row] = await customers()
    expect(Object.keys(row!.attributes as object).length).toBeLessThanOrEqual(50)
    expect(row!.searchText.length).toBeLessThanOrEqual(2001)
  })

  test('is believed once somebody vouches for it, and the reason is kept', async () => {
    await know([speaker('a')])
    expect((await identities())[0]).toMatchObject({ verified: false, evidence: 'first contact' })
    await know([speaker('a', { verified: true })])
    await know([speaker('a', { verified: false, at: later(3_600_000) })])
    expect((await identities())[0]).toMatchObject({
      verified: true,
      evidence: 'vouched for by the place where they signed in',
    })
  })
})

test('who is blocked is known as blocked', async () => {
  const [a, b] = [speaker('a'), speaker('b')]
  const before = await know([a, b])
  await database.db.write(actor, (tx) =>
    tx
      .updateTable('customers')
      .set({ blockedAt: NOW })
      .where('id', '=', before.get(speakerKey(a))!.customerId)
      .execute(),
  )
  const known = await know([a, b])
  expect([a, b].map((one) => known.get(speakerKey(one))!.blocked)).toEqual([true, false])
})
