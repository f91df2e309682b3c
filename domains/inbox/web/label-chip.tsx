import { cx } from '../../../web/ui/cx.ts'
import type { Label } from '../contract.ts'

export const labelGrounds: Record<Label['tone'], string> = {
  plain: 'bg-face-6 text-face-6-ink',
  pine: 'bg-face-1 text-face-1-ink',
  amber: 'bg-face-4 text-face-4-ink',
  blue: 'bg-face-3 text-face-3-ink',
  plum: 'bg-face-5 text-face-5-ink',
  red: 'bg-face-2 text-face-2-ink',
}

export function LabelChip({ label: { name, tone } }: { label: Pick<Label, 'name' | 'tone'> }) {
  return (
    <span className={cx('inline-flex h-5 min-w-0 items-center rounded-mark px-1.5 text-small', labelGrounds[tone])}>
      <span className="truncate">{name}</span>
    </span>
  )
}
