import { Trans, useLingui } from '@lingui/react/macro'
import { Plus, X } from 'lucide-react'
import { Button } from '../../../web/ui/button.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Switch } from '../../../web/ui/switch.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { severityNames, type PriorityPolicy, type ReasonCode } from '../contract.ts'
import { useSeverityWords } from './label-words.ts'
import { useReasonWords } from './policy-words.ts'
import { SpanField } from './span-field.tsx'

type RuleProps<C extends ReasonCode> = {
  code: C
  rule: PriorityPolicy[C]
  disabled: boolean
  onChange: (rule: PriorityPolicy[C]) => void
}

/** One reason: on or off, its numbers, and what the public page says of it. */
export function PolicyRule<C extends ReasonCode>(props: RuleProps<C>) {
  const { t } = useLingui()
  const { code, rule, disabled, onChange } = props
  const { title, hint } = useReasonWords()[code]
  return (
    <section className="flex flex-col gap-3 border-b border-line px-4 py-3 last:border-b-0" aria-label={title}>
      <Switch
        label={title}
        hint={hint}
        checked={rule.on}
        disabled={disabled}
        onCheckedChange={(on) => onChange({ ...rule, on })}
      />
      {rule.on && (
        <>
          <div className="grid gap-3 tablet:grid-cols-3">
            <Numbers {...(props as unknown as RuleProps<ReasonCode>)} />
          </div>
          <TextField
            label={t`On the public page, in your own words`}
            optional
            value={rule.words ?? ''}
            disabled={disabled}
            maxLength={300}
            autoComplete="off"
            onValueChange={(words) => {
              const { words: _, ...rest } = rule
              onChange((words === '' ? rest : { ...rest, words }) as PriorityPolicy[C])
            }}
          />
        </>
      )}
    </section>
  )
}

type Field = { key: string; label: string }

/** The numbers of a reason: every field but those of kinds and tags stands flat in its rule. */
function Numbers({ code, rule, disabled, onChange }: RuleProps<ReasonCode>) {
  const { t } = useLingui()
  const fields: Partial<Record<ReasonCode, Field[]>> = {
    urgency: [{ key: 'minutes', label: t`Moves ahead by up to` }],
    promise: [
      { key: 'soonMinutes', label: t`Begins before the end` },
      { key: 'soon', label: t`Then moves ahead by` },
      { key: 'late', label: t`Once it is over, by` },
    ],
    window: [
      { key: 'withinMinutes', label: t`Closes within` },
      { key: 'minutes', label: t`Moves ahead by` },
    ],
    repeat: [
      { key: 'each', label: t`For each, moves ahead by` },
      { key: 'most', label: t`In all, at most` },
    ],
    brokenPromise: [{ key: 'minutes', label: t`Moves ahead by` }],
    vulnerable: [{ key: 'minutes', label: t`Moves ahead by` }],
    reach: [
      { key: 'tenfold', label: t`For each tenfold, by` },
      { key: 'most', label: t`In all, at most` },
    ],
    sentiment: [{ key: 'minutes', label: t`Moves ahead by up to` }],
  }
  if (code === 'severity') return <Kinds {...{ rule: rule as PriorityPolicy['severity'], disabled, onChange }} />
  if (code === 'flag') return <Tags {...{ rule: rule as PriorityPolicy['flag'], disabled, onChange }} />
  const numbers = rule as unknown as Record<string, number>
  return (
    <>
      {fields[code]?.map(({ key, label }) => (
        <SpanField
          key={key}
          label={label}
          disabled={disabled}
          value={numbers[key] ?? 0}
          onValueChange={(minutes) => onChange({ ...rule, [key]: minutes })}
        />
      ))}
      {code === 'reach' && (
        <TextField
          label={t`Half is gone after, in days`}
          type="number"
          min={1}
          max={90}
          disabled={disabled}
          value={String(numbers['halfLifeDays'])}
          onValueChange={(text) => {
            const days = Math.round(Number(text))
            if (days >= 1 && days <= 90) onChange({ ...rule, halfLifeDays: days } as PriorityPolicy['reach'])
          }}
        />
      )}
    </>
  )
}

type PartProps<C extends ReasonCode> = Pick<RuleProps<C>, 'rule' | 'disabled'> & {
  onChange: (rule: PriorityPolicy[C]) => void
}

function Kinds({ rule, disabled, onChange }: PartProps<'severity'>) {
  const words = useSeverityWords()
  return severityNames.map((kind) => (
    <SpanField
      key={kind}
      label={words[kind]}
      disabled={disabled}
      value={rule.minutes[kind]}
      onValueChange={(minutes) => onChange({ ...rule, minutes: { ...rule.minutes, [kind]: minutes } })}
    />
  ))
}

const MOST_TAGS = 20

function Tags({ rule, disabled, onChange }: PartProps<'flag'>) {
  const { t } = useLingui()
  const { tags } = rule
  const put = (at: number, next: Partial<(typeof tags)[number]>) =>
    onChange({ ...rule, tags: tags.map((tag, i) => (i === at ? { ...tag, ...next } : tag)) })
  return (
    <div className="col-span-full flex flex-col gap-2">
      {tags.map(({ tag, minutes }, at) => (
        <div key={at} className="flex items-end gap-2">
          <TextField
            className="min-w-0 flex-1"
            label={t`Tag`}
            value={tag}
            required
            disabled={disabled}
            maxLength={40}
            autoComplete="off"
            onValueChange={(next) => put(at, { tag: next })}
          />
          <div className="min-w-0 flex-1">
            <SpanField
              label={t`Moves ahead by`}
              disabled={disabled}
              value={minutes}
              onValueChange={(next) => put(at, { minutes: next })}
            />
          </div>
          <IconButton
            icon={X}
            label={t`Take the tag ${tag} out`}
            disabled={disabled}
            onClick={() => onChange({ ...rule, tags: tags.filter((_, i) => i !== at) })}
          />
        </div>
      ))}
      {tags.length < MOST_TAGS && (
        <Button
          size="small"
          icon={Plus}
          className="self-start"
          disabled={disabled}
          onClick={() => onChange({ ...rule, tags: [...tags, { tag: '', minutes: 60 }] })}
        >
          <Trans>Add a tag</Trans>
        </Button>
      )}
    </div>
  )
}
