import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import type { Sample } from '../contract.ts'
import { samples } from './calls.ts'
import { useDeed } from './deed.ts'
import { useMay } from './me.ts'
import { NotForYou } from './not-for-you.tsx'
import { Page } from './page.tsx'
import { sampleQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'
import { SettingsNav } from './settings-nav.tsx'

const POLL_MS = 700
/** Everything shown may have changed: the same that the event says to others. */
const stale = [[]] as const

/** A month of made-up conversations, to look round with, and to be rid of again without a trace. */
export function SampleScreen() {
  const { t } = useLingui()
  const allowed = useMay()('sample.manage')
  const load = useDeed(samples.loadSample, {
    stale,
    loud: true,
    onDone: ({ conversations }) =>
      notify(t`The sample is there: ${plural(conversations, { one: '# conversation', other: '# conversations' })}.`),
  })
  const remove = useDeed(samples.removeSample, { stale, loud: true, onDone: () => notify(t`The sample is gone.`) })
  const busy = load.busy || remove.busy
  const query = useQuery({ ...sampleQuery, enabled: allowed, ...(busy && { refetchInterval: POLL_MS }) })
  return (
    <Page
      title={t`Settings`}
      lead={
        <Trans>
          Sample data is a month at an invented airline: conversations, customers, colleagues, connections. Nothing of
          it leaves this machine.
        </Trans>
      }
      nav={<SettingsNav />}
    >
      {allowed ? (
        <Panel title={t`Sample data`} className="max-w-measure">
          <QueryPart query={query} rows={2}>
            {(sample) => (
              <SampleState
                sample={
                  load.busy ? { ...sample, state: 'loading' } : remove.busy ? { ...sample, state: 'removing' } : sample
                }
                onLoad={() => load.run({})}
                onRemove={() => remove.run({})}
              />
            )}
          </QueryPart>
        </Panel>
      ) : (
        <NotForYou />
      )}
    </Page>
  )
}

type SampleStateProps = { sample: Sample; onLoad: () => void; onRemove: () => void }

function SampleState({ sample, onLoad, onRemove }: SampleStateProps) {
  const { t } = useLingui()
  const [asking, setAsking] = useState(false)
  if (sample.state === 'loading')
    return (
      <>
        <p className="mb-3">
          <Trans>The sample is coming in. You can go on working; it takes about a quarter of a minute.</Trans>
        </p>
        <Bar label={t`Loading the sample`} done={sample.done} />
        <Counts sample={sample} />
      </>
    )
  if (sample.state === 'removing')
    return (
      <>
        <p className="mb-3">
          <Trans>The sample is being taken out.</Trans>
        </p>
        <Bar label={t`Removing the sample`} done={null} />
      </>
    )
  if (sample.state === 'absent')
    return (
      <>
        <p className="mb-4 text-pretty">
          <Trans>
            There is none in this workspace. Load it to see every screen with something on it; what is yours stays as it
            is, and each row of the sample is marked, so that it can be removed whole.
          </Trans>
        </p>
        <Button look="primary" onClick={onLoad}>
          <Trans>Load the sample</Trans>
        </Button>
      </>
    )
  return (
    <>
      <p className="text-pretty">
        <Trans>The sample is in this workspace, marked in every row.</Trans>
      </p>
      <Counts sample={sample} />
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="danger" onClick={() => setAsking(true)}>
          <Trans>Remove the sample</Trans>
        </Button>
        <Link
          to="/inbox/{-$conversationId}"
          params={{ conversationId: undefined }}
          search={{}}
          className={buttonClass('plain')}
        >
          <Trans>Look at it in the inbox</Trans>
        </Link>
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Remove the sample?`}
        description={
          <Trans>
            Its conversations, customers, colleagues and connections go, with what was written in them since. What is
            yours stays.
          </Trans>
        }
        action={t`Remove the sample`}
        danger
        onConfirm={onRemove}
      />
    </>
  )
}

function Counts({ sample: { conversations, messages, customers } }: { sample: Sample }) {
  const { t } = useLingui()
  const rows = [
    [t`Conversations`, conversations],
    [t`Messages`, messages],
    [t`Customers`, customers],
  ] as const
  return (
    <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-2">
      {rows.map(([name, count]) => (
        <div key={name}>
          <dt className="text-small text-muted">{name}</dt>
          <dd className="text-large tabular-nums">{count.toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  )
}

/** How far it has come; without a known end it only says that it goes on. */
function Bar({ label, done }: { label: string; done: number | null }) {
  const percent = done === null ? undefined : Math.round(done * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-2 overflow-hidden rounded-full bg-line"
    >
      <div
        className={percent === undefined ? 'h-full w-full bg-tint' : 'h-full bg-accent transition-[width]'}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  )
}
