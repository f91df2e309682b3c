import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { RadioGroup } from '../../../web/ui/radio-group.tsx'
import { ShortcutHelp } from '../../../web/ui/shortcut-help.tsx'
import { Switch } from '../../../web/ui/switch.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { useTheme } from '../../../web/ui/use-theme.ts'
import type { Preferences } from '../contract.ts'
import { mine, signIns } from './calls.ts'
import { useDeed } from './deed.ts'
import { LoginList } from './login-list.tsx'
import { useMe, usePresent } from './me.ts'
import { Page } from './page.tsx'
import { PasswordPart } from './password-part.tsx'
import { SecondFactor } from './second-factor.tsx'

export function ProfileScreen() {
  const { t } = useLingui()
  const signOut = useSignOut()
  return (
    <Page
      title={t`Your profile`}
      actions={
        <Button icon={LogOut} busy={signOut.busy} onClick={() => signOut.run({})}>
          <Trans>Sign out</Trans>
        </Button>
      }
    >
      <div className="grid items-start gap-5 laptop:grid-cols-2">
        <NamePart />
        <LooksPart />
        <PasswordPart />
        <SecondFactor />
      </div>
      <LoginList />
      <LeavePart />
    </Page>
  )
}

/** Ends this log-in and forgets what it saw. */
function useSignOut() {
  const queries = useQueryClient()
  return useDeed(signIns.signOut, {
    loud: true,
    onDone: () => {
      queries.clear()
      location.assign('/sign-in')
    },
  })
}

function NamePart() {
  const { t } = useLingui()
  const { person } = useMe()
  const { memberName, name: workspaceName } = usePresent()
  const save = useDeed(mine.changeMe, { stale: [['me'], ['members'], ['colleagues']], onDone: () => notify(t`Saved.`) })
  return (
    <Panel title={t`Name`}>
      <Form problem={save.problem} onSubmit={(values) => save.run({ body: { name: String(values['name']) } })}>
        <TextField
          name="name"
          label={t`Name in ${workspaceName}`}
          hint={t`Colleagues see it, and customers when you answer.`}
          defaultValue={memberName}
          autoComplete="name"
          required
          maxLength={80}
        />
        <TextField label={t`E-mail`} value={person.email} readOnly hint={t`You sign in with it.`} />
        <div className="flex justify-end">
          <Button type="submit" busy={save.busy}>
            <Trans>Save the name</Trans>
          </Button>
        </div>
      </Form>
    </Panel>
  )
}

function LooksPart() {
  const { t } = useLingui()
  const { preferences } = usePresent()
  const [theme, setTheme] = useTheme()
  const [help, setHelp] = useState(false)
  const keep = useDeed((change: Preferences) => mine.changeMe({ body: { preferences: change } }), {
    stale: [['me']],
    loud: true,
  })
  return (
    <Panel title={t`Looks and keyboard`}>
      <div className="flex flex-col gap-5">
        <RadioGroup
          label={t`Theme`}
          value={theme}
          onValueChange={(next) => {
            setTheme(next)
            keep.run({ theme: next })
          }}
          choices={[
            { value: 'system', label: t`As this machine has it` },
            { value: 'light', label: t`Light` },
            { value: 'dark', label: t`Dark` },
          ]}
        />
        <Switch
          label={t`Blur insulting words`}
          hint={t`Until you want to see them.`}
          checked={preferences.blurToxic !== false}
          onCheckedChange={(blurToxic) => keep.run({ blurToxic })}
        />
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p className="min-w-0 flex-1 text-muted">
            <Trans>Every shortcut can be changed or switched off, in this browser.</Trans>
          </p>
          <Button onClick={() => setHelp(true)}>
            <Trans>Keyboard shortcuts</Trans>
          </Button>
        </div>
      </div>
      <ShortcutHelp open={help} onOpenChange={setHelp} />
    </Panel>
  )
}

function LeavePart() {
  const { t } = useLingui()
  const { name } = usePresent()
  const [asking, setAsking] = useState(false)
  const leave = useDeed(mine.leaveWorkspace, { loud: true, onDone: () => location.assign('/') })
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-4">
      <p className="text-muted">
        <Trans>Leaving ends your membership of {name}. What you wrote stays.</Trans>
      </p>
      <Button look="plain" onClick={() => setAsking(true)}>
        <Trans>Leave the workspace</Trans>
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Leave ${name}?`}
        description={<Trans>You come back only with a new invitation. The last owner cannot leave.</Trans>}
        action={t`Leave`}
        danger
        onConfirm={() => leave.run({})}
      />
    </div>
  )
}
