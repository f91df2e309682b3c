import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { signIns } from './calls.ts'
import { useDeed } from './deed.ts'
import { useFragmentToken } from './fragment.ts'
import { guessedLanguage, languageChoices } from './languages.ts'
import { meQuery } from './me.ts'
import { PlainHead } from './page.tsx'
import { PasswordField } from './password-field.tsx'
import { QueryPart } from './query-part.tsx'
import { guessedTimeZone, TimeZoneField } from './time-zone-field.tsx'

/** What the link that the program printed opens: the owner's account and the first workspace. */
export function SetupScreen() {
  const token = useFragmentToken()
  const query = useQuery({
    queryKey: ['setup', token.length],
    // A link that was cut short while it was copied is none; the server would only complain of its length.
    queryFn: () =>
      token.length < 20
        ? signIns.getSetup({}).then(({ claimed }) => ({ claimed, valid: false }))
        : signIns.checkSetup({ body: { token } }),
    staleTime: Infinity,
  })
  return (
    <QueryPart query={query}>
      {({ claimed, valid }) => (claimed ? <Claimed /> : valid ? <ClaimForm token={token} /> : <WrongLink />)}
    </QueryPart>
  )
}

function Claimed() {
  const { t } = useLingui()
  return (
    <>
      <PlainHead title={t`This installation has an owner`}>
        <Trans>The set-up link was used and works no more. Sign in, or ask the owner for an invitation.</Trans>
      </PlainHead>
      <Link to="/sign-in" className={buttonClass('primary')}>
        <Trans>Sign in</Trans>
      </Link>
    </>
  )
}

function WrongLink() {
  const { t } = useLingui()
  return (
    <>
      <PlainHead title={t`This link does not open the installation`}>
        <Trans>
          It was cut short while it was copied, or the program was started anew since and printed another one.
        </Trans>
      </PlainHead>
      <p className="text-pretty">
        <Trans>
          Take the newest link from the output of the program: it ends with a long word behind “#”. A restart prints it
          again as long as nobody owns the installation.
        </Trans>
      </p>
    </>
  )
}

function ClaimForm({ token }: { token: string }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [timeZone, setTimeZone] = useState(guessedTimeZone)
  const claim = useDeed(signIns.claimSetup, {
    onDone: async () => {
      await queries.fetchQuery({ ...meQuery, staleTime: 0 })
      await navigate({ to: '/welcome' })
    },
  })
  const submit = (values: Record<string, unknown>) => {
    const { name, email, password, workspaceName, locale } = values as Record<string, string>
    claim.run({
      body: {
        token,
        name: name ?? '',
        email: (email ?? '').trim(),
        password: password ?? '',
        workspaceName: workspaceName ?? '',
        timeZone,
        locale: locale ?? 'en',
      },
    })
  }
  return (
    <>
      <PlainHead title={t`Set up Rapport`}>
        <Trans>Make your account; it will own this installation. Everything here can be changed later.</Trans>
      </PlainHead>
      <Form onSubmit={submit} problem={claim.problem}>
        <TextField name="name" label={t`Your name`} autoComplete="name" autoFocus required maxLength={80} />
        <TextField name="email" label={t`E-mail`} type="email" autoComplete="username" required maxLength={254} />
        <PasswordField name="password" label={t`Password`} fresh />
        <hr className="border-line" />
        <TextField
          name="workspaceName"
          label={t`Name of the workspace`}
          hint={t`Your company or brand, as customers know it.`}
          autoComplete="organization"
          required
          maxLength={80}
        />
        <div className="grid gap-4 tablet:grid-cols-2">
          <TimeZoneField value={timeZone} onValueChange={setTimeZone} />
          <Select
            name="locale"
            label={t`Language`}
            choices={languageChoices()}
            defaultValue={guessedLanguage()}
            required
          />
        </div>
        <Button type="submit" look="primary" busy={claim.busy} className="mt-2">
          <Trans>Make the account</Trans>
        </Button>
      </Form>
    </>
  )
}
