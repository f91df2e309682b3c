import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { GraduationCap, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { buttonClass } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { Page, QueryPart, useMay } from '../../workspaces/web/index.ts'
import { measuredLabels, type ModelFigures } from '../contract.ts'
import { ConfusionTable } from './confusion-table.tsx'
import { LayersPanel } from './layers-panel.tsx'
import { useMeasuredWords, useValueWords } from './label-words.ts'
import { figuresQuery, layersQuery, type MeasuredLabel } from './queries.ts'
import { ShareBar } from './share-bar.tsx'
import { TriageNav } from './triage-nav.tsx'
import { WeeksChart } from './weeks-chart.tsx'

/** How good the labels are by the team's own word. */
export function ModelScreen() {
  const { t } = useLingui()
  const [label, setLabel] = useState<MeasuredLabel>('sentiment')
  const names = useMeasuredWords()
  const figures = useQuery(figuresQuery(label))
  return (
    <Page
      title={t`How good it is`}
      lead={<Trans>Measured by what your team put right or confirmed, with how sure the figures are.</Trans>}
      nav={<TriageNav />}
    >
      <ModelState />
      <Select
        label={t`Figures of`}
        className="max-w-menu"
        value={label}
        onValueChange={setLabel}
        choices={measuredLabels.map((value) => ({ value, label: names[value] }))}
      />
      <QueryPart query={figures}>{(data) => <Figures figures={data} />}</QueryPart>
      <LayersPanel />
    </Page>
  )
}

/** Said where the models did not come up: then labels are unsure, and nothing is lost. */
function ModelState() {
  const { data } = useQuery(layersQuery)
  const model = data?.state.model
  if (!model || model.state === 'ok') return null
  return (
    <p role="status" className="flex items-start gap-2 rounded-panel border border-line bg-raised px-4 py-3">
      <Icon of={TriangleAlert} className="mt-0.5 text-waiting" />
      <span>
        {model.state === 'starting' ? (
          <Trans>The models are being loaded. Messages that come meanwhile are labelled right after.</Trans>
        ) : (
          <Trans>The models could not be loaded, so new messages are labelled unsure. Nothing is lost.</Trans>
        )}{' '}
        <span className="text-muted">{model.reason}</span>
      </span>
    </p>
  )
}

function Figures({ figures }: { figures: ModelFigures }) {
  const { t } = useLingui()
  const canCorrect = useMay()('triage.correct')
  const { label, confusion, accuracy, sample, coverage, weeks, drift } = figures
  return (
    <>
      {accuracy.n === 0 ? (
        <Panel>
          <EmptyState
            icon={GraduationCap}
            title={t`Nobody has put a label right yet`}
            action={
              canCorrect && (
                <Link to="/triage" className={buttonClass('primary')}>
                  <Trans>Answer some questions</Trans>
                </Link>
              )
            }
          >
            <Trans>
              How often Rapport is right with your customers shows once people answer questions or put labels right in a
              conversation: twenty are enough to begin with.
            </Trans>
          </EmptyState>
        </Panel>
      ) : (
        <div className="grid items-start gap-5 laptop:grid-cols-2">
          <Panel title={t`How often it is right`}>
            <div className="flex flex-col gap-5">
              <ShareBar title={t`Of messages that chance picked`} share={sample}>
                {t`The fair figure.`}
              </ShareBar>
              <ShareBar title={t`Of all that people looked at`} share={accuracy}>
                {t`Who corrects looks for mistakes, so the truth is higher.`}
              </ShareBar>
              <WeeksChart weeks={weeks} />
            </div>
          </Panel>
          <Panel title={t`Where it is wrong`}>
            <ConfusionTable label={label} confusion={confusion} />
          </Panel>
        </div>
      )}
      <div className="grid items-start gap-5 laptop:grid-cols-2">
        <Panel title={t`How often it says anything`}>
          <ShareBar title={t`Labelled rather than unsure`} share={coverage}>
            {t`Of the newest messages of 35 days.`}
          </ShareBar>
        </Panel>
        <Panel title={t`Whether what comes in has changed`}>
          <Drift label={label} drift={drift} />
        </Panel>
      </div>
    </>
  )
}

const SHIFT = 0.2
const SLIGHT = 0.1

function Drift({ label, drift }: Pick<ModelFigures, 'label' | 'drift'>) {
  const { t, i18n } = useLingui()
  const words = useValueWords()
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent' })
  const { index, before, now } = drift
  if (index === null) {
    return (
      <p className="text-muted">
        <Trans>Needs some messages of the last 7 days and of the 28 days before.</Trans>
      </p>
    )
  }
  const figure = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 2 }).format(index)
  const said =
    index > SHIFT
      ? t`Clearly: the labels of this week stand elsewhere than in the four weeks before (${figure}). Look whether that is the world, or a mistake.`
      : index > SLIGHT
        ? t`A little (${figure}). Nothing to do yet.`
        : t`No (${figure}).`
  const then = new Map(before.map(({ value, share }) => [value, share]))
  const rows = now
    .map(({ value, share }) => ({ value, share, was: then.get(value) ?? 0 }))
    .toSorted((a, b) => Math.abs(b.share - b.was) - Math.abs(a.share - a.was))
    .slice(0, 6)
  return (
    <div className="flex flex-col gap-3">
      <p>{said}</p>
      <table className="text-small">
        <thead className="text-muted">
          <tr>
            <th scope="col" className="py-1 text-start font-medium">
              <Trans>Label</Trans>
            </th>
            <th scope="col" className="px-3 text-end font-medium">
              <Trans>28 days before</Trans>
            </th>
            <th scope="col" className="text-end font-medium">
              <Trans>Last 7 days</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ value, share, was }) => (
            <tr key={value} className="border-t border-line">
              <th scope="row" className="py-1 text-start font-normal">
                {words(label, value)}
              </th>
              <td className="px-3 text-end">{percent.format(was)}</td>
              <td className="text-end">{percent.format(share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
