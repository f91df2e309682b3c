import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { Form, FormErrors } from '../../../web/ui/form.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import type { InvitationOffer } from '../contract.ts'
import { mine, signIns } from './calls.ts'
import { statusOf, useDeed } from './deed.ts'
import { useFragmentToken } from './fragment.ts'
import { meQuery } from './me.ts'
import { PlainHead } from './page.tsx'
import { PasswordField } from './password-field.tsx'
import { QueryPart } from './query-part.tsx'
import { useRoleWords } from './role-words.ts'

/** What an invitation's link opens: a new account, or one more workspace for who has one. */
export function JoinScreen() {
  const token = useFragmentToken()
  const query = useQuery({
    queryKey: ['invitation', token],
    queryFn: async () => ({ offer: await lookUp(token), signedInAs: await signedInAs() }),
    staleTime: Infinity,
  })
  return (
    <QueryPart query={query}>
      {({ offer, signedInAs: email }) =>
        offer ? <Offer token={token} offer={offer} signedInAs={email} /> : <GoneLink />
      }
    </QueryPart>
  )
}

async function lookUp(token: string): Promise<InvitationOffer | null> {
  if (token.length < 20) return null
  try {
    return await signIns.getInvitation({ body: { token } })
  } catch (error) {
    if ([400, 404, 409, 410, 422].includes(statusOf(error) ?? 0)) return null
    throw error
  }
}

async function signedInAs(): Promise<string | null> {
  try {
    return (await mine.getMe({})).person.email
  } catch (error) {
    if (statusOf(error) === 401) return null
    throw error
  }
}

function GoneLink() {
  const { t } = useLingui()
  return (
    <>
      <PlainHead title={t`This invitation does not open any more`}>
        <Trans>It was used, taken back or replaced by a newer one, or its seven days are over.</Trans>
      </PlainHead>
      <p className="mb-4">
        <Trans>Ask whoever invited you for a new link.</Trans>
      </p>
      <Link to="/sign-in" className={buttonClass()}>
        <Trans>Sign in</Trans>
      </Link>
    </>
  )
}

type OfferProps = { token: string; offer: InvitationOffer; signedInAs: string | null }

function Offer({ token, offer, signedInAs: present }: OfferProps) {
  const { t } = useLingui()
  const roles = useRoleWords()
  const router = useRouter()
  const queries = useQueryClient()
  const accept = useDeed(signIns.acceptInvitation, {
    onDone: async () => {
      queries.clear()
      await queries.fetchQuery(meQuery)
      router.history.push('/')
    },
  })
  const { workspaceName, email } = offer
  const { name: roleName, may } = roles[offer.role]
  const head = (
    <PlainHead title={t`Join ${workspaceName}`}>
      <Trans>
        You are invited as {email}. Your role is <strong className="font-medium text-text">{roleName}</strong>: {may}
      </Trans>
    </PlainHead>
  )
  if (offer.hasAccount && present?.toLowerCase() !== email.toLowerCase())
    return (
      <>
        {head}
        <p className="mb-4">
          {present ? (
            <Trans>
              You are signed in as {present}. The invitation is for {email}: sign in with that account, and this page
              goes on.
            </Trans>
          ) : (
            <Trans>There is an account for this e-mail already. Sign in, and this page goes on.</Trans>
          )}
        </p>
        <Link to="/sign-in" search={{ next: '/join', email }} className={buttonClass('primary')}>
          <Trans>Sign in</Trans>
        </Link>
      </>
    )
  if (offer.hasAccount)
    return (
      <>
        {head}
        <FormErrors messages={accept.problem ? [accept.problem.message] : []} />
        <Button look="primary" busy={accept.busy} className="mt-4" onClick={() => accept.run({ body: { token } })}>
          <Trans>Join</Trans>
        </Button>
      </>
    )
  return (
    <>
      {head}
      <Form
        problem={accept.problem}
        onSubmit={(values) => {
          const { name, password } = values as { name: string; password: string }
          accept.run({ body: { token, name, password } })
        }}
      >
        <TextField label={t`E-mail`} value={email} readOnly autoComplete="username" />
        <TextField name="name" label={t`Your name`} autoComplete="name" autoFocus required maxLength={80} />
        <PasswordField name="password" label={t`Password`} fresh />
        <Button type="submit" look="primary" busy={accept.busy} className="mt-2">
          <Trans>Make the account and join</Trans>
        </Button>
      </Form>
    </>
  )
}
