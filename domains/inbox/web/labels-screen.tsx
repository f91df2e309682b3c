import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Tag } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { NotForYou, Page, QueryPart, SettingsNav, useDeed } from '../../workspaces/web/index.ts'
import type { Label } from '../contract.ts'
import { labelsApi } from './api.ts'
import { LabelChip } from './label-chip.tsx'
import { ToneField, useToneNames } from './label-tones.tsx'
import { labelsQuery } from './queries.ts'

const stale = [['labels'], ['conversations'], ['conversation']] as const

/** The labels of the workspace: made, renamed, recoloured, retired. */
export function LabelsScreen() {
  const { t } = useLingui()
  const canManage = useMay()('inbox.manage_labels')
  const query = useQuery({ ...labelsQuery, enabled: canManage })
  const [editing, setEditing] = useState<Label | 'new' | null>(null)
  const add = (
    <Button look="primary" onClick={() => setEditing('new')}>
      <Trans>Make a label</Trans>
    </Button>
  )
  return (
    <Page
      title={t`Labels`}
      lead={
        <Trans>Labels say what a conversation is about. Everybody who answers can put them on and take them off.</Trans>
      }
      nav={<SettingsNav />}
      actions={canManage && add}
    >
      <Panel flush>
        {canManage ? (
          <QueryPart query={query}>
            {(labels) =>
              labels.length === 0 ? (
                <EmptyState icon={Tag} title={t`There are no labels`} action={add}>
                  <Trans>A few that everybody understands are worth more than many. “Refund” is a good one.</Trans>
                </EmptyState>
              ) : (
                <ul aria-label={t`Labels`}>
                  {labels.map((label) => (
                    <LabelRow key={label.id} label={label} onEdit={() => setEditing(label)} />
                  ))}
                </ul>
              )
            }
          </QueryPart>
        ) : (
          <NotForYou />
        )}
      </Panel>
      {editing && <LabelDialog label={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  )
}

function LabelRow({ label, onEdit }: { label: Label; onEdit: () => void }) {
  const { t } = useLingui()
  const tones = useToneNames()
  const [asking, setAsking] = useState(false)
  const archive = useDeed(labelsApi.archiveLabel, { stale, loud: true })
  const { id, name, tone } = label
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-b-0">
      <span className="flex min-w-0 flex-1 items-center gap-3">
        <LabelChip label={label} />
        <span className="text-small text-muted max-tablet:hidden">{tones[tone]}</span>
      </span>
      <span className="flex items-center gap-2">
        <Link
          to="/inbox/{-$conversationId}"
          params={{ conversationId: undefined }}
          search={{ label: id }}
          aria-label={t`Show conversations with ${name}`}
          className={buttonClass('plain', 'small', 'max-tablet:hidden')}
        >
          <Trans>Show</Trans>
        </Link>
        <Button size="small" onClick={onEdit} aria-label={t`Change ${name}`}>
          <Trans>Change</Trans>
        </Button>
        <Button
          size="small"
          look="plain"
          busy={archive.busy}
          onClick={() => setAsking(true)}
          aria-label={t`Retire ${name}`}
        >
          <Trans>Retire</Trans>
        </Button>
      </span>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Retire the label “${name}”?`}
        description={
          <Trans>
            Every conversation loses it, resolved ones too, and that can’t be undone. The conversations themselves stay.
          </Trans>
        }
        action={t`Retire`}
        danger
        onConfirm={() => archive.run({ params: { id } })}
      />
    </li>
  )
}

function LabelDialog({ label, onClose }: { label: Label | null; onClose: () => void }) {
  const { t } = useLingui()
  const [name, setName] = useState(label?.name ?? '')
  const [tone, setTone] = useState<Label['tone']>(label?.tone ?? 'plain')
  const save = useDeed(
    (body: Pick<Label, 'name' | 'tone'>) =>
      label ? labelsApi.changeLabel({ params: { id: label.id }, body }) : labelsApi.createLabel({ body }),
    { stale, onDone: onClose },
  )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={label ? t`Change the label` : t`Make a label`}>
      <Form problem={save.problem} onSubmit={() => save.run({ name: name.trim(), tone })}>
        <TextField
          name="name"
          label={t`Name`}
          value={name}
          onValueChange={setName}
          autoFocus
          required
          maxLength={40}
          autoComplete="off"
        />
        <ToneField value={tone} onValueChange={setTone} />
        <p className="flex min-h-6 min-w-0 items-center gap-2 text-small text-muted">
          <span className="shrink-0">
            <Trans>It will look like this:</Trans>
          </span>
          <LabelChip label={{ name: name.trim() || t`Name`, tone }} />
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={save.busy}>
            {label ? <Trans>Save</Trans> : <Trans>Make the label</Trans>}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
