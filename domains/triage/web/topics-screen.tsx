import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Shapes } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../../web/ui/badge.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { Page, QueryPart, useDeed, useMay } from '../../workspaces/web/index.ts'
import { EXAMPLES_NEEDED, type Topic } from '../contract.ts'
import { topics } from './calls.ts'
import { topicsQuery } from './queries.ts'
import { NewTopic } from './new-topic.tsx'
import { TopicDialog } from './topic-dialog.tsx'
import { TriageNav } from './triage-nav.tsx'

/** What people write about, in the workspace's own words. */
export function TopicsScreen() {
  const { t } = useLingui()
  const canManage = useMay()('triage.manage')
  const query = useQuery(topicsQuery)
  const [isNew, setNew] = useState(false)
  const [openKey, setOpenKey] = useState<string | null>(null)
  const open = query.data?.find(({ key }) => key === openKey)
  const add = (
    <Button look="primary" onClick={() => setNew(true)}>
      <Trans>New topic</Trans>
    </Button>
  )
  return (
    <Page
      title={t`Topics`}
      lead={<Trans>What messages are about. Rapport recognises a topic of yours from ten examples on.</Trans>}
      nav={<TriageNav />}
      actions={canManage && add}
    >
      <Panel flush>
        <QueryPart query={query}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState icon={Shapes} title={t`There are no topics`} action={canManage && add}>
                <Trans>Begin with what people ask most. Ten messages about it are enough.</Trans>
              </EmptyState>
            ) : (
              <ul aria-label={t`Topics`}>
                {items.map((topic) => (
                  <TopicRow key={topic.key} topic={topic} {...(canManage && { onOpen: () => setOpenKey(topic.key) })} />
                ))}
              </ul>
            )
          }
        </QueryPart>
      </Panel>
      {isNew && <NewTopic onClose={() => setNew(false)} />}
      {open && <TopicDialog topic={open} onClose={() => setOpenKey(null)} />}
    </Page>
  )
}

function TopicRow({ topic, onOpen }: { topic: Topic; onOpen?: () => void }) {
  const { t } = useLingui()
  const [asking, setAsking] = useState(false)
  const retire = useDeed(topics.archiveTopic, { stale: [['topics']], loud: true })
  const { key, name, origin, examples, learned } = topic
  const missing = EXAMPLES_NEEDED - examples
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-b-0">
      <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3">
        <bdi className="font-medium">{name}</bdi>
        <span className="text-small text-muted">
          {examples > 0 && <Plural value={examples} one="# example" other="# examples" />}
          {examples > 0 && ' · '}
          {origin === 'default' ? (
            <Trans>came with Rapport</Trans>
          ) : learned ? (
            <Trans>learned from your examples</Trans>
          ) : missing > 0 ? (
            <Plural value={missing} one="# more until it is recognised" other="# more until it is recognised" />
          ) : (
            <Trans>being learned</Trans>
          )}
        </span>
      </span>
      {origin === 'own' && !learned && <Badge tone="waiting">{t`not recognised yet`}</Badge>}
      {onOpen && (
        <span className="flex items-center gap-2">
          <Button size="small" onClick={onOpen} aria-label={t`Examples of ${name}`}>
            <Trans>Examples</Trans>
          </Button>
          <Button
            size="small"
            look="plain"
            busy={retire.busy}
            onClick={() => setAsking(true)}
            aria-label={t`Retire ${name}`}
          >
            <Trans>Retire</Trans>
          </Button>
        </span>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Retire the topic “${name}”?`}
        description={<Trans>New messages are not put under it. Messages that bear it keep it.</Trans>}
        action={t`Retire`}
        onConfirm={() => retire.run({ params: { key } })}
      />
    </li>
  )
}
