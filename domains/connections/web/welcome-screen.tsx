import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { InviteForm, PlainHead, useMay, usePresent, workspaceQuery } from '../../workspaces/web/index.ts'
import { WelcomeChat } from './welcome-chat.tsx'
import { WelcomeHours } from './welcome-hours.tsx'
import { welcomeSteps, type WelcomeStep } from './welcome-steps.ts'

const route = getRouteApi('/plain/welcome')

/** The three steps after the owner's account. Each can be left, and each has its place in the settings too. */
export function WelcomeScreen() {
  const { t } = useLingui()
  const { step = 'chat' } = route.useSearch()
  const navigate = useNavigate()
  const { name } = usePresent()
  const maySample = useMay()('sample.manage')
  useQuery(workspaceQuery)
  const at = welcomeSteps.indexOf(step)
  const next = welcomeSteps[at + 1]
  const goOn = () => (next ? void navigate({ to: '/welcome', search: { step: next } }) : leave())
  const titles: Record<WelcomeStep, string> = {
    chat: t`Make the first channel`,
    people: t`Invite people`,
    hours: t`When is somebody there?`,
  }
  const leads: Record<WelcomeStep, ReactNode> = {
    chat: <Trans>{name} is ready. Start with a chat for your web site: it works at once, here on this page.</Trans>,
    people: <Trans>Nobody has to answer alone. You can also do this later, under People.</Trans>,
    hours: <Trans>The chat tells visitors when it is open, and promises count from here. Change it any time.</Trans>,
  }
  return (
    <>
      <Steps at={at} />
      <PlainHead title={titles[step]}>{leads[step]}</PlainHead>
      {step === 'chat' && <WelcomeChat onGoOn={goOn} />}
      {step === 'people' && (
        <InviteForm
          actions={
            <Button look="primary" onClick={goOn}>
              <Trans>Go on</Trans>
            </Button>
          }
        />
      )}
      {step === 'hours' && <WelcomeHours onDone={() => leave()} />}
      <p className="mt-8 flex flex-wrap gap-x-4 border-t border-line pt-3">
        <Button look="plain" className="-ms-3" onClick={() => leave()}>
          <Trans>Leave the set-up and go to the desk</Trans>
        </Button>
        {maySample && (
          <Button look="plain" className="-ms-3" onClick={() => leave('/settings/sample')}>
            <Trans>Look round with sample data first</Trans>
          </Button>
        )}
      </p>
    </>
  )
}

/** With a full load, so that a chat that was tried on this page ends with it. */
function leave(to = '/'): void {
  location.assign(to)
}

function Steps({ at }: { at: number }) {
  const { t } = useLingui()
  const names = [t`Account`, t`Channel`, t`People`, t`Hours`]
  return (
    <ol aria-label={t`Steps`} className="mb-6 flex flex-wrap gap-x-4 gap-y-1 text-small">
      {names.map((name, i) => (
        <li
          key={name}
          aria-current={i === at + 1 ? 'step' : undefined}
          className={cx('flex items-center gap-1', i === at + 1 ? 'font-medium text-accent' : 'text-muted')}
        >
          {i <= at ? (
            <Icon of={Check} label={t`Done`} className="size-3.5 text-resolved" />
          ) : (
            <span aria-hidden>{i + 1}</span>
          )}
          {name}
        </li>
      ))}
    </ol>
  )
}
