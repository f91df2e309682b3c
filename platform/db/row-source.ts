// Rows for an insert, in a form that PostgreSQL reads once.
import { sql, type Insertable, type RawBuilder } from 'kysely'

type ColumnType = 'uuid' | 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'jsonb'

/**
 * Makes what `insertInto(…).columns(…).expression(…)` needs: `const sourceOf = rowSource<Table>()({ id: 'uuid', … })`, then
 * `const { columns, expression } = sourceOf(rows)`. Rows keep their order, and there has to be one.
 *
 * One array a column: the text is the same for any number of rows, so it is read and planned once a connection, where a list of
 * values is built, read and planned row by row every time. Lists in columns can't travel like this.
 */
export const rowSource =
  <Table>() =>
  <Name extends keyof Insertable<Table> & string>(types: Readonly<Record<Name, ColumnType>>) => {
    const columns = Object.keys(types) as Name[]
    return (
      rows: readonly Pick<Insertable<Table>, Name>[],
    ): { readonly columns: Name[]; readonly expression: RawBuilder<unknown> } => {
      const lists = columns.map((name) => sql`${rows.map((row) => row[name])}::${sql.raw(types[name])}[]`)
      return { columns, expression: sql`select * from unnest(${sql.join(lists)})` }
    }
  }
