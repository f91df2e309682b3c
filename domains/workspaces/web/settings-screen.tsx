import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import type { Workspace } from '../contract.ts'
import { workspace as calls } from './calls.ts'
import { ColourField } from './colour-field.tsx'
import { useDeed } from './deed.ts'
import { languageChoices } from './languages.ts'
import { useMay } from './me.ts'
import { OutboundPaused } from './outbound-paused.tsx'
import { Page } from './page.tsx'
import { workspaceQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'
import { SettingsNav } from './settings-nav.tsx'
import { TimeZoneField } from './time-zone-field.tsx'

export function SettingsScreen() {
  const { t } = useLingui()
  const query = useQuery(workspaceQuery)
  return (
    <Page title={t`Settings`} nav={<SettingsNav />}>
      <OutboundPaused />
      <QueryPart query={query}>{(workspace) => <Settings key={workspace.id} workspace={workspace} />}</QueryPart>
    </Page>
  )
}

function Settings({ workspace }: { workspace: Workspace }) {
  const { t } = useLingui()
  const canManage = useMay()('workspace.manage')
  const [timeZone, setTimeZone] = useState(workspace.timeZone)
  const language = languageChoices(workspace.locale).find(({ value }) => value === workspace.locale)?.label
  const [colour, setColour] = useState(workspace.colour)
  const save = useDeed(calls.changeWorkspace, {
    stale: [['workspace'], ['me']],
    onDone: () => notify(t`Saved.`),
  })
  return (
    <Panel title={t`Workspace`} className="max-w-measure">
      <Form
        problem={save.problem}
        onSubmit={(values) => {
          const { name, locale } = values as { name: string; locale: string }
          save.run({ body: { name, locale, timeZone, colour } })
        }}
      >
        <TextField
          name="name"
          label={t`Name`}
          defaultValue={workspace.name}
          readOnly={!canManage}
          required
          maxLength={80}
        />
        <TextField
          label={t`Short name`}
          value={workspace.slug}
          hint={t`For commands and addresses. It stays as it is, so that nothing that names it breaks.`}
          readOnly
          mono
        />
        {canManage ? (
          <>
            <div className="grid gap-4 tablet:grid-cols-2">
              <TimeZoneField value={timeZone} onValueChange={setTimeZone} />
              <Select
                name="locale"
                label={t`Language`}
                choices={languageChoices(workspace.locale)}
                defaultValue={workspace.locale}
                required
              />
            </div>
            <ColourField value={colour} onValueChange={setColour} />
            <div className="flex justify-end">
              <Button type="submit" look="primary" busy={save.busy}>
                <Trans>Save</Trans>
              </Button>
            </div>
          </>
        ) : (
          <div className="grid gap-4 tablet:grid-cols-2">
            <TextField label={t`Time zone`} value={workspace.timeZone.replaceAll('_', ' ')} readOnly />
            <TextField label={t`Language`} value={language ?? workspace.locale} readOnly />
          </div>
        )}
      </Form>
    </Panel>
  )
}
