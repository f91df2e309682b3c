import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Switch } from '../../../web/ui/switch.tsx'
import { Table } from '../../../web/ui/table.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { NotForYou, Page, QueryPart, useDeed, useMay } from '../../workspaces/web/index.ts'
import { personalDataKinds, type LargeModelUse, type TriageSettings } from '../contract.ts'
import { choices } from './calls.ts'
import { startingLarge, usePersonalWords } from './label-words.ts'
import { settingsQuery, usesQuery } from './queries.ts'
import { TriageNav } from './triage-nav.tsx'

const stale = [['triage-settings'], ['priority']] as const

/** What the workspace chose: what is covered, whether agents see reach, and whether a large model is asked. */
export function ChoicesScreen() {
  const { t } = useLingui()
  const canManage = useMay()('triage.manage')
  const query = useQuery({ ...settingsQuery, enabled: canManage })
  return (
    <Page title={t`Choices`} nav={<TriageNav />}>
      {canManage ? (
        <QueryPart query={query}>
          {({ settings, largeModel, usedToday }) => (
            <>
              <Covering settings={settings} />
              <Influence settings={settings} />
              <LargeModelPart {...{ settings, largeModel, usedToday }} />
            </>
          )}
        </QueryPart>
      ) : (
        <NotForYou />
      )}
    </Page>
  )
}

function Covering({ settings: { covered } }: { settings: TriageSettings }) {
  const { t } = useLingui()
  const words = usePersonalWords()
  const save = useDeed(choices.changeTriageSettings, { stale, loud: true })
  const change = (kind: (typeof personalDataKinds)[number], on: boolean) =>
    save.run({ body: { covered: personalDataKinds.filter((one) => (one === kind ? on : covered.includes(one))) } })
  return (
    <Panel title={t`Personal data`}>
      <div className="flex flex-col gap-4">
        <p className="max-w-measure text-muted">
          <Trans>
            What is on here is covered in what customers write, in threads, lists, search and files. One press shows a
            message in the clear, and that is on record. A customer’s own address and number stand open in their own
            words, and so does everything that your side wrote. Messages that are here already follow within minutes.
          </Trans>
        </p>
        {personalDataKinds.map((kind) => (
          <Switch
            key={kind}
            label={startingLarge(words[kind])}
            checked={covered.includes(kind)}
            onCheckedChange={(on) => change(kind, on)}
          />
        ))}
      </div>
    </Panel>
  )
}

function Influence({ settings }: { settings: TriageSettings }) {
  const { t } = useLingui()
  const save = useDeed(choices.changeTriageSettings, { stale, loud: true })
  return (
    <Panel title={t`Reach`}>
      <Switch
        label={t`Show how many people follow a writer`}
        hint={t`One sentence beside the conversation. Whether it counts in the order is a matter of the priority policy.`}
        checked={settings.showInfluence}
        onCheckedChange={(showInfluence) => save.run({ body: { showInfluence } })}
      />
    </Panel>
  )
}

type LargeModelProps = {
  settings: TriageSettings
  largeModel: { model: string; host: string } | null
  usedToday: number
}

function LargeModelPart({ settings, largeModel, usedToday }: LargeModelProps) {
  const { t, i18n } = useLingui()
  const save = useDeed(choices.changeTriageSettings, { stale, onDone: () => notify(t`Saved.`) })
  const toggle = useDeed(choices.changeTriageSettings, { stale, loud: true })
  const [tokens, setTokens] = useState(String(settings.dailyTokens))
  const uses = useQuery({ ...usesQuery, enabled: largeModel !== null })
  if (!largeModel) {
    return (
      <Panel title={t`Large model`}>
        <p className="text-muted">
          <Trans>
            None is named by this installation, so no text leaves it. Whoever runs it can name one in its environment.
          </Trans>
        </p>
      </Panel>
    )
  }
  const { model, host } = largeModel
  const used = new Intl.NumberFormat(i18n.locale).format(usedToday)
  return (
    <Panel title={t`Large model`}>
      <div className="flex flex-col gap-5">
        <Switch
          label={t`Ask ${model} where Rapport is unsure`}
          hint={t`Messages go to ${host} with personal data taken out. When it does not answer, Rapport’s own answer stands.`}
          checked={settings.largeModel}
          onCheckedChange={(on) => toggle.run({ body: { largeModel: on } })}
        />
        <Form
          problem={save.problem}
          className="max-w-form"
          onSubmit={() => save.run({ body: { dailyTokens: Number(tokens) } })}
        >
          <TextField
            name="dailyTokens"
            label={t`Tokens a day, at most`}
            hint={t`Used today: ${used}. A day ends at midnight UTC.`}
            type="number"
            min={0}
            max={100_000_000}
            required
            value={tokens}
            onValueChange={setTokens}
          />
          <Button type="submit" className="self-start" busy={save.busy}>
            <Trans>Save</Trans>
          </Button>
        </Form>
        {uses.data && <Uses uses={uses.data} />}
      </div>
    </Panel>
  )
}

function Uses({ uses }: { uses: LargeModelUse[] }) {
  const { t } = useLingui()
  const outcomes: Record<LargeModelUse['outcome'], string> = {
    answered: t`answered`,
    failed: t`failed`,
    over_budget: t`over the budget`,
  }
  return (
    <Table
      caption={t`Its last uses`}
      rows={uses}
      rowKey={({ id }) => id}
      empty={
        <p className="text-muted">
          <Trans>It was not asked yet.</Trans>
        </p>
      }
      columns={[
        { key: 'at', title: t`When`, cell: ({ at }) => <RelativeTime at={at} /> },
        {
          key: 'messages',
          title: t`Asked about`,
          cell: ({ messages }) => <Plural value={messages} one="# message" other="# messages" />,
        },
        { key: 'outcome', title: t`Outcome`, cell: ({ outcome, reason }) => reason ?? outcomes[outcome] },
        { key: 'tokens', title: t`Tokens`, align: 'end', wideOnly: true, cell: ({ tokens }) => tokens },
      ]}
    />
  )
}
