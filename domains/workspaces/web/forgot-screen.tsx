import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { resets } from './calls.ts'
import { useDeed } from './deed.ts'
import { PlainHead } from './page.tsx'
import { setupQuery } from './queries.ts'
import { QueryPart } from './query-part.tsx'

const route = getRouteApi('/plain/forgot-password')

/** By mail where this installation sends mail; else it says who can help. */
export function ForgotScreen() {
  const query = useQuery(setupQuery)
  return <QueryPart query={query}>{({ mail }) => (mail ? <AskForMail /> : <AskSomebody />)}</QueryPart>
}

function AskSomebody() {
  const { t } = useLingui()
  return (
    <>
      <PlainHead title={t`Forgotten your password`}>
        <Trans>This installation sends no mail, so a colleague has to help.</Trans>
      </PlainHead>
      <p className="mb-3 text-pretty">
        <Trans>
          Ask an owner or administrator of your workspace for a reset link: they find it under People, in the menu
          beside your name.
        </Trans>
      </p>
      <p className="mb-5 text-pretty text-muted">
        <Trans>
          If nobody is left who could, whoever runs the machine prints a link with{' '}
          <code className="font-mono text-small">rapport reset-link</code>.
        </Trans>
      </p>
      <BackToSignIn />
    </>
  )
}

function AskForMail() {
  const { t } = useLingui()
  const { email } = route.useSearch()
  const [asked, setAsked] = useState<string | null>(null)
  const ask = useDeed(resets.askPasswordReset, { onDone: (_, { body }) => setAsked(body.email) })
  if (asked !== null)
    return (
      <>
        <PlainHead title={t`Look into your mail`}>
          <Trans>If there is an account for {asked}, a link is on its way to it. It works once, for an hour.</Trans>
        </PlainHead>
        <p className="mb-5 text-pretty text-muted">
          <Trans>Nothing there after some minutes? Look among the unwanted mail, or try another address.</Trans>
        </p>
        <div className="flex flex-wrap gap-2">
          <BackToSignIn />
          <Button look="plain" onClick={() => setAsked(null)}>
            <Trans>Try another address</Trans>
          </Button>
        </div>
      </>
    )
  return (
    <>
      <PlainHead title={t`Forgotten your password`}>
        <Trans>You get a link by mail with which you set a new one.</Trans>
      </PlainHead>
      <Form problem={ask.problem} onSubmit={(values) => ask.run({ body: { email: String(values['email']).trim() } })}>
        <TextField
          name="email"
          label={t`E-mail`}
          type="email"
          autoComplete="username"
          defaultValue={email ?? ''}
          autoFocus
          required
          maxLength={254}
        />
        <Button type="submit" look="primary" busy={ask.busy} className="mt-2">
          <Trans>Send me a link</Trans>
        </Button>
      </Form>
      <p className="mt-4">
        <Link to="/sign-in" className={buttonClass('plain', 'normal', '-ms-3')}>
          <Trans>Back to the sign-in</Trans>
        </Link>
      </p>
    </>
  )
}

function BackToSignIn() {
  return (
    <Link to="/sign-in" className={buttonClass()}>
      <Trans>Back to the sign-in</Trans>
    </Link>
  )
}
