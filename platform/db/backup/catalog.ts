// What a database holds, asked of the database itself, so that a table of tomorrow is in tomorrow's backup.
import type pg from 'pg'

export interface Table {
  /** With its schema, quoted where need be: ready for SQL. */
  readonly name: string
  /** Without generated ones, which the database fills by itself. */
  readonly columns: readonly string[]
  /** By which the rows `t` are put in order, in every cluster alike, so that the same rows give the same sum. */
  readonly key: readonly string[]
}

export interface Partition {
  readonly name: string
  readonly parent: string
  readonly bound: string
}

export interface Catalog {
  /** In an order in which each comes after those that it refers to. */
  readonly tables: readonly Table[]
  readonly partitions: readonly Partition[]
  /** Where each sequence behind a column stands. */
  readonly sequences: readonly { readonly table: string; readonly column: string; readonly last: string }[]
}

const SCHEMAS = `('public', 'auth')`
/** Written by the migrations themselves. */
const OWN_KEEPING = `('migrations')`

export async function readCatalog(client: pg.Client): Promise<Catalog> {
  const tables = await client.query<Table & { oid: number }>(`
    select c.oid::int as oid, format('%I.%I', n.nspname, c.relname) as name,
      (select array_agg(format('%I', a.attname) order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      coalesce((select array_agg(format('t.%I', a.attname) || case when a.attcollation <> 0 then ' collate "C"' else '' end order by k.ord) from pg_index i
        cross join unnest(i.indkey) with ordinality as k (attnum, ord)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
        where i.indrelid = c.oid and i.indisprimary), '{}') as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${SCHEMAS} and c.relkind in ('r', 'p') and not c.relispartition
      and not (n.nspname = 'public' and c.relname in ${OWN_KEEPING})
    order by name`)
  const references = await client.query<{ from: number; to: number }>(`
    select conrelid::int as from, confrelid::int as to from pg_constraint where contype = 'f' and conrelid <> confrelid`)
  const partitions = await client.query<Partition>(`
    select format('%I.%I', n.nspname, c.relname) as name, i.inhparent::regclass::text as parent,
      pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
    where n.nspname in ${SCHEMAS} and c.relispartition and c.relkind = 'r' order by name`)
  return {
    tables: inOrder(tables.rows, references.rows).map(({ name, columns, key }) => ({ name, columns, key })),
    partitions: partitions.rows,
    sequences: await readSequences(client),
  }
}

async function readSequences(client: pg.Client): Promise<Catalog['sequences']> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(`
    select format('%I.%I', n.nspname, c.relname) as table, a.attname as column,
      pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as sequence
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname in ${SCHEMAS} and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0
      and not a.attisdropped and pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) is not null`)
  const sequences = []
  for (const { table, column, sequence } of rows) {
    const { last_value: last, is_called: used } = (
      await client.query(`select last_value::text, is_called from ${sequence}`)
    ).rows[0] as { last_value: string; is_called: boolean }
    if (used) sequences.push({ table, column, last })
  }
  return sequences
}

/** Pure: those that are referred to first. Throws when some refer to each other, which `copy` could not load. */
export function inOrder<T extends { readonly oid: number; readonly name: string }>(
  tables: readonly T[],
  references: readonly { readonly from: number; readonly to: number }[],
): T[] {
  const known = new Set(tables.map(({ oid }) => oid))
  const placed = new Set<number>()
  const ordered: T[] = []
  let left = [...tables]
  while (left.length > 0) {
    const ready = left.filter((table) =>
      references.every(({ from, to }) => from !== table.oid || !known.has(to) || placed.has(to)),
    )
    if (ready.length === 0) throw new Error(`tables refer to each other: ${left.map(({ name }) => name).join(', ')}`)
    for (const table of ready) placed.add(table.oid)
    ordered.push(...ready)
    left = left.filter((table) => !placed.has(table.oid))
  }
  return ordered
}

/** The statement that reads a table in the order of its key; `as` puts other words in the place of a column. */
export function selectOf(table: Table, as: Readonly<Record<string, string>> = {}): string {
  const order = table.key.length > 0 ? table.key : ['t::text collate "C"']
  const columns = table.columns.map((column) =>
    as[column] === undefined ? `t.${column}` : `${as[column]} as ${column}`,
  )
  return `select ${columns.join(', ')} from ${table.name} t order by ${order.join(', ')}`
}
