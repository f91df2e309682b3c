import { Trans, useLingui } from '@lingui/react/macro'
import { cx } from '../../../web/ui/cx.ts'
import type { ModelFigures } from '../contract.ts'
import { useValueWords } from './label-words.ts'

/** What only Rapport says: nobody answers that they do not know. */
const UNSAYABLE = ['unsure', 'und']

/** What Rapport said against what people said. The diagonal is what both said. */
export function ConfusionTable({ label, confusion: { values, counts } }: Pick<ModelFigures, 'label' | 'confusion'>) {
  const { t } = useLingui()
  const words = useValueWords()
  const rowSums = counts.map((row) => row.reduce((sum, count) => sum + count, 0))
  const columnSums = values.map((_, column) => counts.reduce((sum, row) => sum + (row[column] ?? 0), 0))
  // Twenty languages that nobody met would bury the three that matter.
  const met = values.map((_, at) => at).filter((at) => (rowSums[at] ?? 0) + (columnSums[at] ?? 0) > 0)
  const answers = met.filter((at) => (columnSums[at] ?? 0) > 0 || !UNSAYABLE.includes(values[at]!))
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={t`What was said, and what was right`}>
      <table className="border-collapse text-small">
        <caption className="pb-2 text-start text-muted">
          <Trans>Down: what Rapport said. Across: what people said. On the diagonal both said the same.</Trans>
        </caption>
        <thead>
          <tr>
            <th scope="col" className="sr-only">
              <Trans>What Rapport said</Trans>
            </th>
            {answers.map((at) => (
              <th key={at} scope="col" className="max-w-24 px-2 py-1 text-center font-medium text-muted">
                {words(label, values[at]!)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {met.map((row) => (
            <tr key={row}>
              <th scope="row" className="max-w-36 py-1 pe-3 text-start font-medium whitespace-nowrap text-muted">
                {words(label, values[row]!)}
              </th>
              {answers.map((column) => {
                const count = counts[row]?.[column] ?? 0
                const share = rowSums[row] ? count / rowSums[row] : 0
                return (
                  <td key={column} className="relative h-9 min-w-14 border border-line text-center">
                    <span
                      aria-hidden
                      className={cx('absolute inset-0', row === column ? 'bg-chart-1' : 'bg-chart-2')}
                      style={{ opacity: share * 0.35 }}
                    />
                    <span className={cx('relative', count === 0 ? 'text-muted' : 'font-medium')}>{count}</span>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
