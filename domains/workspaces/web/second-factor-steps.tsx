import { Trans, useLingui } from '@lingui/react/macro'
import { Download } from 'lucide-react'
import { Button } from '../../../web/ui/button.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { signIns } from './calls.ts'
import { Copied, CopyBlock } from './copy.tsx'
import { useDeed } from './deed.ts'
import { codesFile, secretGroups } from './otpauth.ts'

/** The secret to type, and the first code that proves it arrived. */
export function ConfirmCode({ uri, onConfirmed }: { uri: string; onConfirmed: () => void }) {
  const { t } = useLingui()
  const confirm = useDeed(signIns.confirmSecondFactor, { stale: [['me'], ['logins']], onDone: onConfirmed })
  return (
    <Form
      problem={confirm.problem}
      onSubmit={(values) => confirm.run({ body: { code: String(values['code']).replaceAll(/\s/g, '') } })}
    >
      <p>
        <Trans>
          Add an account to your authenticator and type this secret, or, if the app is on this device,{' '}
          <a href={uri} className="font-medium text-accent underline">
            open it there
          </a>
          .
        </Trans>
      </p>
      <CopyBlock
        label={t`Secret`}
        text={secretGroups(uri)}
        hint={<Trans>Based on time, six digits, 30 seconds.</Trans>}
      />
      <TextField
        name="code"
        label={t`The six digits it shows now`}
        inputMode="numeric"
        autoComplete="one-time-code"
        mono
        required
        minLength={6}
        maxLength={20}
      />
      <div className="flex justify-end">
        <Button type="submit" look="primary" busy={confirm.busy}>
          <Trans>Switch it on</Trans>
        </Button>
      </div>
    </Form>
  )
}

export function BackupCodes({ codes, email, onClose }: { codes: string[]; email: string; onClose: () => void }) {
  const { t } = useLingui()
  const text = codesFile(codes, email, t`Backup codes of Rapport`)
  return (
    <div className="flex flex-col gap-4">
      <p>
        <Trans>
          Each of these opens the door once when the authenticator is not at hand. They are shown this once.
        </Trans>
      </p>
      <ul className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-control border border-line bg-sunken p-3 font-mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        <Copied text={text} size="normal" />
        <Button icon={Download} onClick={() => download('rapport-backup-codes.txt', text)}>
          <Trans>Download</Trans>
        </Button>
        <Button look="primary" onClick={onClose}>
          <Trans>I keep them</Trans>
        </Button>
      </div>
    </div>
  )
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
