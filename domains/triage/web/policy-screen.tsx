import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { TextArea } from '../../../web/ui/text-area.tsx'
import { Page, QueryPart, useDeed, useMay } from '../../workspaces/web/index.ts'
import {
  reasonCodes,
  type PolicyPreview,
  type PolicyVersion,
  type PriorityPolicy,
  type ReasonCode,
} from '../contract.ts'
import { policies } from './calls.ts'
import { PolicyPreviewPart } from './policy-preview.tsx'
import { PolicyRule } from './policy-rule.tsx'
import { PolicyVersions } from './policy-versions.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { policyQuery } from './queries.ts'
import { TriageNav } from './triage-nav.tsx'

/** How the workspace prioritises: in words and numbers, tried on the last month, published. */
export function PolicyScreen() {
  const { t } = useLingui()
  const query = useQuery(policyQuery)
  const publicPath = query.data?.publicPath
  return (
    <Page
      title={t`Priority`}
      lead={
        <Trans>
          Who waits longest comes first. Each reason moves a conversation ahead, as if it had waited so much longer.
        </Trans>
      }
      nav={<TriageNav />}
      actions={
        publicPath && (
          <a href={publicPath} target="_blank" rel="noopener" className={buttonClass('quiet')}>
            <Icon of={ExternalLink} className="-ms-1" />
            <Trans>The public page</Trans>
          </a>
        )
      }
    >
      <QueryPart query={query}>{({ current }) => <Editor current={current} />}</QueryPart>
    </Page>
  )
}

function Editor({ current }: { current: PolicyVersion }) {
  const { t } = useLingui()
  const canManage = useMay()('triage.manage')
  const [draft, setDraft] = useState(current.policy)
  const [known, setKnown] = useState(current.version)
  const [publishing, setPublishing] = useState(false)
  const [previewed, setPreviewed] = useState<PolicyPreview | null>(null)
  const preview = useDeed(policies.previewPolicy, { loud: true, onDone: setPreviewed })
  const isChanged = JSON.stringify(draft) !== JSON.stringify(current.policy)
  // Somebody published meanwhile: what was not touched here follows.
  if (known !== current.version) {
    setKnown(current.version)
    if (!isChanged || publishing) setDraft(current.policy)
  }
  const change = (next: PriorityPolicy) => {
    setDraft(next)
    setPreviewed(null)
  }
  const put = <C extends ReasonCode>(code: C, rule: PriorityPolicy[C]) => change({ ...draft, [code]: rule })
  const isWhole = draft.flag.tags.every(({ tag }) => tag.trim() !== '')
  return (
    <>
      {!canManage && (
        <p className="text-muted">
          <Trans>You can read this. A lead or an admin can change it.</Trans>
        </p>
      )}
      <Panel flush title={t`Reasons`}>
        {reasonCodes.map((code) => (
          <PolicyRule
            key={code}
            code={code}
            rule={draft[code]}
            disabled={!canManage}
            onChange={(rule) => put(code, rule)}
          />
        ))}
      </Panel>
      <Panel title={t`On the public page`}>
        <TextArea
          label={t`Said first`}
          optional
          hint={t`The page says every reason and its weight by itself.`}
          rows={3}
          maxLength={2000}
          disabled={!canManage}
          value={draft.preface ?? ''}
          onValueChange={(preface) => {
            const { preface: _, ...rest } = draft
            change(preface === '' ? rest : { ...rest, preface })
          }}
        />
      </Panel>
      {previewed && <PolicyPreviewPart preview={previewed} />}
      <PolicyVersions current={current.version} {...(canManage && { onUse: change })} />
      {canManage && (
        <div className="sticky bottom-0 z-10 -mx-1 flex flex-wrap items-center gap-2 rounded-panel border border-line bg-raised p-3 shadow-menu">
          <p role="status" className="min-w-40 flex-1 text-small text-muted">
            {!isWhole ? (
              <Trans>A tag has no name yet.</Trans>
            ) : isChanged ? (
              <Trans>Changed here, in use nowhere yet.</Trans>
            ) : (
              <Trans>This is what is in use.</Trans>
            )}
          </p>
          {isChanged && (
            <Button look="plain" onClick={() => change(current.policy)}>
              <Trans>Discard</Trans>
            </Button>
          )}
          <Button
            busy={preview.busy}
            disabled={!isChanged || !isWhole}
            onClick={() => preview.run({ body: { policy: draft } })}
          >
            <Trans>Preview on the last month</Trans>
          </Button>
          <Button look="primary" disabled={!isChanged || !isWhole} onClick={() => setPublishing(true)}>
            <Trans>Publish</Trans>
          </Button>
        </div>
      )}
      {publishing && (
        <PublishDialog
          policy={draft}
          version={current.version}
          onClose={() => setPublishing(false)}
          onPublished={(made) => {
            setPublishing(false)
            setPreviewed(null)
            const { version } = made
            notify(t`Version ${version} is in use. Open conversations stand in its order.`)
          }}
        />
      )}
    </>
  )
}
