// Rows for an insert, in a form that PostgreSQL reads once.
import { sql, type Insertable, type InsertQueryBuilder, type RawBuilder } from 'kysely'

type ColumnType = 'uuid' | 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'jsonb'

/**
 * Makes what fills an insert: `const withRows = rowSource<Table>()({ id: 'uuid', … })`, then
 * `tx.insertInto(…).$call(withRows(rows))`. Rows keep their order, and there has to be one.
 *
 * One array a column: the text is the same for any number of rows, so it is read and planned once a connection, where a list of
 * values is built, read and planned row by row every time. Lists in columns can't travel like this.
 */
export const rowSource =
  <Table>() =>
  <Name extends keyof Insertable<Table> & string>(types: Readonly<Record<Name, ColumnType>>) => {
    const columns = Object.keys(types) as Name[]
    return (rows: readonly Pick<Insertable<Table>, Name>[]) =>
      <DB, Into extends keyof DB, Output>(insert: InsertQueryBuilder<DB, Into, Output>) =>
        insert
          .columns(columns as unknown as Parameters<typeof insert.columns>[0])
          .expression(unnested(columns.map((name) => [types[name], rows.map((row) => row[name])])))
  }

/** Rows out of columns, as a query. */
export function unnested(
  columns: readonly (readonly [type: ColumnType, values: readonly unknown[]])[],
): RawBuilder<unknown> {
  return sql`select * from unnest(${sql.join(columns.map(([type, values]) => sql`${values}::${sql.raw(type)}[]`))})`
}
