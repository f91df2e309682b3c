import { Trans, useLingui } from '@lingui/react/macro'
import { ShieldCheck, ShieldOff } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { signIns } from './calls.ts'
import { useDeed } from './deed.ts'
import { useMe } from './me.ts'
import { PasswordField } from './password-field.tsx'
import { BackupCodes, ConfirmCode } from './second-factor-steps.tsx'

type Step = { at: 'password'; act: 'on' | 'off' | 'codes' } | { at: 'code'; uri: string } | { at: 'codes' }

/** Switches the second factor on and off, and makes new backup codes; each after the password. */
export function SecondFactor() {
  const { t } = useLingui()
  const { person } = useMe()
  const [step, setStep] = useState<Step | null>(null)
  const [codes, setCodes] = useState<string[]>([])
  const ask = (act: 'on' | 'off' | 'codes') => setStep({ at: 'password', act })
  const close = () => {
    setStep(null)
    setCodes([])
  }
  const titles: Record<Step['at'], string> = {
    password: t`Your password, please`,
    code: t`Set up the authenticator`,
    codes: t`Backup codes`,
  }
  return (
    <Panel title={t`Second factor`}>
      <div className="flex flex-col gap-4">
        <p className="flex items-start gap-2">
          <Icon
            of={person.secondFactor ? ShieldCheck : ShieldOff}
            className={person.secondFactor ? 'mt-0.5 text-resolved' : 'mt-0.5 text-muted'}
          />
          {person.secondFactor ? (
            <Trans>On: signing in asks for a code of your authenticator too.</Trans>
          ) : (
            <Trans>Off. With an authenticator app, a stolen password alone opens nothing.</Trans>
          )}
        </p>
        <div className="flex flex-wrap justify-end gap-2">
          {person.secondFactor ? (
            <>
              <Button onClick={() => ask('codes')}>
                <Trans>New backup codes</Trans>
              </Button>
              <Button onClick={() => ask('off')}>
                <Trans>Switch it off</Trans>
              </Button>
            </>
          ) : (
            <Button onClick={() => ask('on')}>
              <Trans>Switch it on</Trans>
            </Button>
          )}
        </div>
      </div>
      {step && (
        <Dialog open onOpenChange={(open) => !open && close()} title={titles[step.at]}>
          {step.at === 'password' && (
            <AskPassword
              act={step.act}
              onBegun={({ uri, backupCodes }) => {
                setCodes(backupCodes)
                setStep({ at: 'code', uri })
              }}
              onCodes={(backupCodes) => {
                setCodes(backupCodes)
                setStep({ at: 'codes' })
              }}
              onClose={close}
            />
          )}
          {step.at === 'code' && <ConfirmCode uri={step.uri} onConfirmed={() => setStep({ at: 'codes' })} />}
          {step.at === 'codes' && <BackupCodes codes={codes} email={person.email} onClose={close} />}
        </Dialog>
      )}
    </Panel>
  )
}

type AskPasswordProps = {
  act: 'on' | 'off' | 'codes'
  onBegun: (begun: { uri: string; backupCodes: string[] }) => void
  onCodes: (codes: string[]) => void
  onClose: () => void
}

function AskPassword({ act, onBegun, onCodes, onClose }: AskPasswordProps) {
  const { t } = useLingui()
  const begin = useDeed(signIns.beginSecondFactor, { onDone: onBegun })
  const renew = useDeed(signIns.renewBackupCodes, { onDone: ({ backupCodes }) => onCodes(backupCodes) })
  const disable = useDeed(signIns.disableSecondFactor, {
    stale: [['me'], ['logins']],
    onDone: () => {
      notify(t`The second factor is off.`)
      onClose()
    },
  })
  const deed = { on: begin, off: disable, codes: renew }[act]
  return (
    <Form problem={deed.problem} onSubmit={(values) => deed.run({ body: { password: String(values['password']) } })}>
      <p className="text-muted">
        {act === 'off' ? (
          <Trans>Without the second factor, your password alone opens this account.</Trans>
        ) : act === 'codes' ? (
          <Trans>The old backup codes stop to work.</Trans>
        ) : (
          <Trans>So that nobody does this on a machine that you left open.</Trans>
        )}
      </p>
      <PasswordField name="password" label={t`Password`} autoFocus />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" look={act === 'off' ? 'danger' : 'primary'} busy={deed.busy}>
          {act === 'off' ? <Trans>Switch it off</Trans> : <Trans>Go on</Trans>}
        </Button>
      </div>
    </Form>
  )
}
