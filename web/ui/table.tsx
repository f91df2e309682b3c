import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'

export type Column<Row> = {
  key: string
  title: string
  /** The title is read out, but not drawn: a column of buttons. */
  hideTitle?: boolean | undefined
  align?: 'start' | 'end' | undefined
  sortable?: boolean | undefined
  /** Left out on a phone, where the first columns must do. */
  wideOnly?: boolean | undefined
  cell: (row: Row) => ReactNode
}
export type Sorting = { key: string; direction: 'ascending' | 'descending' }

type TableProps<Row> = {
  caption: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  sorting?: Sorting | undefined
  onSort?: ((sorting: Sorting) => void) | undefined
  /** In place of the rows when there are none. */
  empty?: ReactNode
}

export function Table<Row>({ caption, columns, rows, rowKey, sorting, onSort, empty }: TableProps<Row>) {
  if (rows.length === 0 && empty) return empty
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={caption}>
      <table className="w-full border-collapse text-start">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line transition-colors last:border-b-0 hover:bg-hover">
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={cx(
                    'h-(--row) px-3 py-1.5 first:ps-4 last:pe-4',
                    column.align === 'end' && 'text-end',
                    column.wideOnly && 'max-tablet:hidden',
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type HeadCellProps<Row> = {
  column: Column<Row>
  sorting: Sorting | undefined
  onSort: ((sorting: Sorting) => void) | undefined
}

function HeadCell<Row>({ column, sorting, onSort }: HeadCellProps<Row>) {
  const direction = sorting?.key === column.key ? sorting.direction : undefined
  const next: Sorting = { key: column.key, direction: direction === 'ascending' ? 'descending' : 'ascending' }
  const title = <span className={cx(column.hideTitle && 'sr-only')}>{column.title}</span>
  return (
    <th
      scope="col"
      aria-sort={column.sortable ? (direction ?? 'none') : undefined}
      className={cx(
        'h-(--row) px-3 text-small first:ps-4 last:pe-4 font-medium text-muted',
        column.align === 'end' ? 'text-end' : 'text-start',
        column.wideOnly && 'max-tablet:hidden',
      )}
    >
      {column.sortable && onSort ? (
        <button
          type="button"
          onClick={() => onSort(next)}
          className="inline-flex min-h-6 items-center gap-1 rounded-mark hover:text-text"
        >
          {title}
          <Icon
            of={direction === 'descending' ? ArrowDown : ArrowUp}
            className={cx('size-3.5', !direction && 'invisible')}
          />
        </button>
      ) : (
        title
      )}
    </th>
  )
}
