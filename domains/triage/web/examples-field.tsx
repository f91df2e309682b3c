import { Plural, useLingui } from '@lingui/react/macro'
import { TextArea } from '../../../web/ui/text-area.tsx'
import { EXAMPLES_NEEDED } from '../contract.ts'
import { exampleLines } from './example-lines.ts'

/** Examples, one a line, with how many there are and how many it takes. */
export function ExamplesField({
  name,
  value,
  onValueChange,
  already = 0,
}: {
  name: string
  value: string
  onValueChange: (value: string) => void
  already?: number
}) {
  const { t } = useLingui()
  const count = exampleLines(value).length
  const missing = Math.max(0, EXAMPLES_NEEDED - count - already)
  return (
    <div className="flex flex-col gap-1">
      <TextArea
        name={name}
        label={t`Examples, one a line`}
        hint={t`As customers write them. Different ones teach more than similar ones.`}
        rows={8}
        value={value}
        onValueChange={onValueChange}
      />
      <p role="status" className="text-small text-muted">
        <Plural value={count} one="# example" other="# examples" />
        {missing > 0 && (
          <>
            {' · '}
            <Plural value={missing} one="# more and it is learned" other="# more and it is learned" />
          </>
        )}
      </p>
    </div>
  )
}
