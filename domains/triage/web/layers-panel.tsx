import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { pathOf } from '#platform/contract/client'
import { Badge, type Tone } from '../../../web/ui/badge.tsx'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { QueryPart, useDeed, useMay } from '../../workspaces/web/index.ts'
import { learningRoutes, type Layer } from '../contract.ts'
import { learning } from './calls.ts'
import { layersQuery } from './queries.ts'

const stale = [['layers'], ['figures'], ['topics']] as const

/** Versions of what the workspace taught: each beside the one before it and beside what came with Rapport. */
export function LayersPanel() {
  const { t } = useLingui()
  const canManage = useMay()('triage.manage')
  const query = useQuery(layersQuery)
  const [asking, setAsking] = useState(false)
  const learn = useDeed(learning.learnNow, {
    stale,
    loud: true,
    onDone: () => notify(t`It learns now. What it learned stands here in some seconds.`),
  })
  const reset = useDeed(learning.resetLayers, {
    stale,
    loud: true,
    onDone: () => notify(t`The models that came with Rapport are in use. Your versions and answers are kept.`),
  })
  const corrections = query.data?.state.corrections ?? 0
  const isTaught = query.data?.items.some(({ state }) => state === 'live') ?? false
  return (
    <Panel
      flush
      title={t`What this workspace taught`}
      actions={
        canManage && (
          <>
            {corrections > 0 && (
              <a
                href={`/api${pathOf(learningRoutes.exportCorrections, {})}`}
                download
                className={buttonClass('plain', 'small', 'max-tablet:hidden')}
              >
                <Icon of={Download} className="-ms-1" />
                <Trans>Answers as a file</Trans>
              </a>
            )}
            {isTaught && (
              <Button size="small" look="plain" busy={reset.busy} onClick={() => setAsking(true)}>
                <Trans>Reset</Trans>
              </Button>
            )}
            {corrections > 0 && query.data?.state.model.state !== 'missing' && (
              <Button size="small" busy={learn.busy} onClick={() => learn.run({})}>
                <Trans>Learn now</Trans>
              </Button>
            )}
          </>
        )
      }
    >
      <QueryPart query={query}>
        {({ items, state }) =>
          items.length === 0 ? (
            <p className="p-4 text-muted">
              {state.corrections < state.needed ? (
                <Plural
                  value={state.needed - state.corrections}
                  one="Nothing yet. The first version is learned after # more answer; it goes live only if it is better."
                  other="Nothing yet. The first version is learned after # more answers; it goes live only if it is better."
                />
              ) : (
                <Trans>The first version is being learned.</Trans>
              )}
            </p>
          ) : (
            <ul aria-label={t`Versions`}>
              {items.map((layer) => (
                <LayerRow key={layer.id} layer={layer} canManage={canManage} />
              ))}
            </ul>
          )
        }
      </QueryPart>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Go back to the models that came with Rapport?`}
        description={<Trans>Answers and versions are kept, and each version can be put back.</Trans>}
        action={t`Reset`}
        onConfirm={() => reset.run({})}
      />
    </Panel>
  )
}

const tones: Record<Layer['state'], Tone> = { live: 'open', kept: 'plain', refused: 'plain' }

function LayerRow({ layer, canManage }: { layer: Layer; canManage: boolean }) {
  const { t } = useLingui()
  const { id, kind, version, state, lessons, holdout, reason, learnedAt } = layer
  const states: Record<Layer['state'], string> = { live: t`in use`, kept: t`kept`, refused: t`not better` }
  const name = kind === 'sentiment' ? t`Sentiment, version ${version}` : t`Topics, version ${version}`
  const restore = useDeed(learning.restoreLayer, { stale, loud: true, onDone: () => notify(t`In use: ${name}`) })
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-b-0">
      <div className="flex min-w-60 flex-1 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{name}</span>
          <Badge tone={tones[state]}>{states[state]}</Badge>
          <span className="text-small text-muted">
            <Plural value={lessons} one="from # answer" other="from # answers" /> · <RelativeTime at={learnedAt} />
          </span>
        </p>
        {holdout === null && <p className="text-small text-muted">{reason}</p>}
        <Compared layer={layer} />
      </div>
      {canManage && (
        <div className="flex items-center gap-2">
          {state !== 'live' && (
            <Button
              size="small"
              busy={restore.busy}
              aria-label={t`Use it: ${name}`}
              onClick={() => restore.run({ params: { id } })}
            >
              <Trans>Use it</Trans>
            </Button>
          )}
          <a
            href={`/api${pathOf(learningRoutes.exportLayer, { params: { id } })}`}
            download
            aria-label={t`Download ${name}`}
            className={buttonClass('plain', 'small')}
          >
            <Trans>Download</Trans>
          </a>
        </div>
      )}
    </li>
  )
}

/** The same questions, put to this version, to the one before it and to what came with Rapport. */
function Compared({ layer: { holdout } }: { layer: Layer }) {
  const { t, i18n } = useLingui()
  if (!holdout) return null
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent' })
  const { n, accuracy, before, shipped } = holdout
  const rows = [
    { name: t`This version`, share: accuracy, strong: true },
    { name: t`The one before`, share: before, strong: false },
    { name: t`Came with Rapport`, share: shipped, strong: false },
  ]
  return (
    <div className="mt-1 flex max-w-form flex-col gap-1 text-small">
      <ul className="flex flex-col gap-1">
        {rows.map(({ name, share, strong }) => (
          <li key={name} className="grid grid-cols-[8rem_1fr_3rem] items-center gap-2">
            <span className={strong ? 'font-medium' : 'text-muted'}>{name}</span>
            <span aria-hidden className="h-1.5 rounded-full bg-sunken">
              <span
                className={`block h-1.5 rounded-full ${strong ? 'bg-chart-1' : 'bg-chart-6'}`}
                style={{ inlineSize: `${share * 100}%` }}
              />
            </span>
            <span className="text-end">{percent.format(share)}</span>
          </li>
        ))}
      </ul>
      <p className="text-muted">
        <Plural
          value={n}
          one="Right on the newest # answer, which it did not learn from."
          other="Right on the newest # answers, which it did not learn from."
        />
      </p>
    </div>
  )
}
