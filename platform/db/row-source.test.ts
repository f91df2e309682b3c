import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { unnested } from './row-source.ts'
import { useDatabase } from '../testing/database.ts'

const database = useDatabase()

interface Odd {
  text: string
  perhaps: string | null
  count: number
  flag: boolean
  at: Date
  json: string
}
const TYPES = {
  text: 'text',
  perhaps: 'text',
  count: 'integer',
  flag: 'boolean',
  at: 'timestamptz',
  json: 'jsonb',
} as const
const NAMES = Object.keys(TYPES) as (keyof Odd)[]

async function through(rows: readonly Odd[]): Promise<unknown[]> {
  const given = unnested(NAMES.map((name) => [TYPES[name], rows.map((row) => row[name])]))
  const names = sql.join(NAMES.map((name) => sql.ref(name)))
  const read = await database.db.system((tx) => sql<Odd>`select * from (${given}) as n (${names})`.execute(tx))
  return read.rows.map((row) => ({ ...row, json: JSON.stringify(row.json) }))
}

test('what means something in an array arrives as it was given', async () => {
  const ugly = [
    '',
    'NULL',
    'null',
    '"',
    '\\',
    '\\"',
    '{',
    '}',
    '{a,b}',
    ',',
    "'",
    '$1',
    ' ',
    '\n',
    'مرحبا',
    '👩‍🚒',
    '\\x00',
  ]
  const rows = ugly.map((text, count) => ({
    text,
    perhaps: count % 2 === 0 ? null : text,
    count: 7 - count,
    flag: count % 3 === 0,
    at: new Date(Date.UTC(1970 + count * 8, 11, 31, 23, 59, 59, 999)),
    json: JSON.stringify({ said: text }),
  }))
  expect(await through(rows)).toEqual(rows)
})

test('rows arrive whole and in their order, however many', async () => {
  const row = fc.record({
    text: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000')),
    perhaps: fc.option(fc.constantFrom('NULL', '{}', '"a"')),
    count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    flag: fc.boolean(),
    at: fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
    json: fc.constantFrom('{"a":[1,"\\"",null]}', '"\\\\"', 'true'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
      expect((await through(rows)).map((one) => JSON.parse(JSON.stringify(one)))).toEqual(
        rows.map((one) => JSON.parse(JSON.stringify({ ...one, json: JSON.stringify(JSON.parse(one.json)) }))),
      )
    }),
    { numRuns: 60 },
  )
})
