import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { resets } from './calls.ts'
import { statusOf, useDeed } from './deed.ts'
import { useFragmentToken } from './fragment.ts'
import { PlainHead } from './page.tsx'
import { PasswordField } from './password-field.tsx'
import { QueryPart } from './query-part.tsx'

/** What a reset link opens. It signs nobody in: whoever sets the password then shows that they know it, and the second factor. */
export function ResetScreen() {
  const token = useFragmentToken()
  const [doneFor, setDoneFor] = useState<string | null>(null)
  const query = useQuery({ queryKey: ['reset', token], queryFn: () => lookUp(token), staleTime: Infinity })
  if (doneFor !== null) return <Done email={doneFor} />
  return (
    <QueryPart query={query}>
      {({ email }) =>
        email === null ? <GoneLink /> : <NewPassword token={token} email={email} onDone={() => setDoneFor(email)} />
      }
    </QueryPart>
  )
}

async function lookUp(token: string): Promise<{ email: string | null }> {
  if (token.length < 20) return { email: null }
  try {
    return await resets.checkPasswordReset({ body: { token } })
  } catch (error) {
    if ([400, 404].includes(statusOf(error) ?? 0)) return { email: null }
    throw error
  }
}

function NewPassword({ token, email, onDone }: { token: string; email: string; onDone: () => void }) {
  const { t } = useLingui()
  const [gone, setGone] = useState(false)
  const reset = useDeed(
    async (password: string) => {
      try {
        await resets.resetPassword({ body: { token, password } })
        return true
      } catch (error) {
        if (statusOf(error) === 404) return false
        throw error
      }
    },
    { onDone: (worked) => (worked ? onDone() : setGone(true)) },
  )
  if (gone) return <GoneLink />
  return (
    <>
      <PlainHead title={t`Set a new password`}>
        <Trans>You are signed out everywhere then, and sign in with the new one.</Trans>
      </PlainHead>
      <Form problem={reset.problem} onSubmit={(values) => reset.run(String(values['password']))}>
        <TextField label={t`E-mail`} value={email} readOnly autoComplete="username" />
        <PasswordField name="password" label={t`New password`} fresh autoFocus />
        <Button type="submit" look="primary" busy={reset.busy} className="mt-2">
          <Trans>Set the password</Trans>
        </Button>
      </Form>
    </>
  )
}

function Done({ email }: { email: string }) {
  const { t } = useLingui()
  return (
    <>
      <PlainHead title={t`The new password counts`}>
        <Trans>Every log-in of {email} has ended. Sign in with the new password.</Trans>
      </PlainHead>
      <Link to="/sign-in" search={{ email }} className={buttonClass('primary')}>
        <Trans>Sign in</Trans>
      </Link>
    </>
  )
}

function GoneLink() {
  const { t } = useLingui()
  return (
    <>
      <PlainHead title={t`This link does not open any more`}>
        <Trans>It was used, the password was changed since, or its hour is over.</Trans>
      </PlainHead>
      <div className="flex flex-wrap gap-2">
        <Link to="/forgot-password" className={buttonClass('primary')}>
          <Trans>Ask for a new one</Trans>
        </Link>
        <Link to="/sign-in" className={buttonClass()}>
          <Trans>Sign in</Trans>
        </Link>
      </div>
    </>
  )
}
