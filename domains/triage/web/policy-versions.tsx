import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Badge } from '../../../web/ui/badge.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { QueryPart } from '../../workspaces/web/index.ts'
import type { PriorityPolicy } from '../contract.ts'
import { policiesQuery } from './queries.ts'

/** Every published policy: what changed, who published it, and the way back as a draft. */
export function PolicyVersions({ current, onUse }: { current: number; onUse?: (policy: PriorityPolicy) => void }) {
  const { t } = useLingui()
  const query = useQuery(policiesQuery)
  return (
    <Panel flush title={t`Versions`}>
      <QueryPart query={query}>
        {(items) =>
          items.length === 0 ? (
            <p className="p-4 text-muted">
              <Trans>
                Nothing was published. What came with Rapport is in use, and there is no public page yet: publishing
                makes it.
              </Trans>
            </p>
          ) : (
            <ul aria-label={t`Versions`}>
              {items.map(({ version, policy, note, publishedAt, publishedBy }) => (
                <li
                  key={version}
                  className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-b-0"
                >
                  <span className="font-medium">
                    <Trans>Version {version}</Trans>
                  </span>
                  {version === current && <Badge tone="open">{t`in use`}</Badge>}
                  <span dir="auto" className="min-w-40 flex-1 break-words">
                    {note}
                  </span>
                  <span className="text-small text-muted">
                    {publishedBy} {publishedAt && <RelativeTime at={publishedAt} />}
                  </span>
                  {onUse && version !== current && (
                    <Button
                      size="small"
                      aria-label={t`Use version ${version} as a draft`}
                      onClick={() => onUse(policy)}
                    >
                      <Trans>Use as a draft</Trans>
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </QueryPart>
    </Panel>
  )
}
