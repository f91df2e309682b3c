import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { signIns } from './calls.ts'
import { useDeed } from './deed.ts'
import { meQuery } from './me.ts'
import { PlainHead } from './page.tsx'
import { PasswordField } from './password-field.tsx'
import { setupQuery } from './queries.ts'
import { safeNext } from './way-back.ts'

const route = getRouteApi('/plain/sign-in')

/** E-mail and password, then the second factor where there is one, then where one wanted to go. */
export function SignInScreen() {
  const { next, email } = route.useSearch()
  const router = useRouter()
  const queries = useQueryClient()
  const [step, setStep] = useState<'password' | 'code'>('password')
  const enter = async () => {
    // Nothing that the one before saw may be shown to the one who comes.
    queries.clear()
    await queries.fetchQuery(meQuery)
    router.history.push(safeNext(next))
  }
  return step === 'password' ? (
    <PasswordStep email={email ?? ''} onEntered={() => void enter()} onCode={() => setStep('code')} />
  ) : (
    <CodeStep onEntered={() => void enter()} onBack={() => setStep('password')} />
  )
}

type PasswordStepProps = { email: string; onEntered: () => void; onCode: () => void }

function PasswordStep({ email, onEntered, onCode }: PasswordStepProps) {
  const { t } = useLingui()
  const setup = useQuery(setupQuery)
  const signIn = useDeed(signIns.signIn, {
    onDone: ({ state }) => (state === 'signed-in' ? onEntered() : onCode()),
  })
  const submit = (values: Record<string, unknown>) => {
    const given = values as { email: string; password: string }
    signIn.run({ body: { email: given.email.trim(), password: given.password } })
  }
  return (
    <>
      <PlainHead title={t`Sign in`} />
      {setup.data?.claimed === false && (
        <p className="mb-4 rounded-control bg-note px-3 py-2">
          <Trans>
            Nobody owns this installation yet. Open the set-up link that the program printed when it started.
          </Trans>
        </p>
      )}
      <Form onSubmit={submit} problem={signIn.problem}>
        <TextField
          name="email"
          label={t`E-mail`}
          type="email"
          autoComplete="username"
          defaultValue={email}
          autoFocus={!email}
          required
          maxLength={254}
        />
        <PasswordField name="password" label={t`Password`} autoFocus={Boolean(email)} />
        <Button type="submit" look="primary" busy={signIn.busy} className="mt-2">
          <Trans>Sign in</Trans>
        </Button>
      </Form>
      <p className="mt-4">
        <Link to="/forgot-password" search={email ? { email } : {}} className={buttonClass('plain', 'normal', '-ms-3')}>
          <Trans>Forgotten your password?</Trans>
        </Link>
      </p>
    </>
  )
}

function CodeStep({ onEntered, onBack }: { onEntered: () => void; onBack: () => void }) {
  const { t } = useLingui()
  const [backup, setBackup] = useState(false)
  const verify = useDeed(signIns.verifySecondFactor, { onDone: onEntered })
  const submit = (values: Record<string, unknown>) =>
    verify.run({ body: { code: String(values['code']).replaceAll(/\s/g, '') } })
  return (
    <>
      <PlainHead title={t`Second step`}>
        {backup ? (
          <Trans>Enter one of the backup codes that you kept. Each works once.</Trans>
        ) : (
          <Trans>Enter the six digits that your authenticator shows now.</Trans>
        )}
      </PlainHead>
      <Form onSubmit={submit} problem={verify.problem}>
        <TextField
          key={String(backup)}
          name="code"
          label={backup ? t`Backup code` : t`Code`}
          autoComplete="one-time-code"
          inputMode={backup ? 'text' : 'numeric'}
          spellCheck={false}
          autoFocus
          required
          mono
          minLength={6}
          maxLength={20}
        />
        <Button type="submit" look="primary" busy={verify.busy}>
          <Trans>Go on</Trans>
        </Button>
      </Form>
      <div className="mt-4 flex flex-wrap justify-between gap-2">
        <Button look="plain" className="-ms-3" onClick={() => setBackup(!backup)}>
          {backup ? <Trans>Use the authenticator</Trans> : <Trans>Use a backup code</Trans>}
        </Button>
        <Button look="plain" className="-me-3" onClick={onBack}>
          <Trans>Back to the password</Trans>
        </Button>
      </div>
    </>
  )
}
