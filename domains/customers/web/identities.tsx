import { Trans } from '@lingui/react/macro'
import { BadgeCheck, Bot } from 'lucide-react'
import { Icon } from '../../../web/ui/icon.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import type { Identity } from '../contract.ts'

/** Where they are known, as what, and why each is believed to be this person. */
export function Identities({
  identities,
  placeOf,
}: {
  identities: readonly Identity[]
  placeOf: (channel: string) => string
}) {
  return (
    <ul className="flex flex-col gap-3">
      {identities.map((identity) => (
        <li key={identity.id} className="min-w-0">
          <p className="flex items-center gap-1.5">
            <bdi className="min-w-0 truncate font-medium">
              {identity.handle ?? identity.name ?? identity.externalId}
            </bdi>
            {identity.verified && <Icon of={BadgeCheck} className="size-3.5 text-accent" />}
            {identity.isBot && <Icon of={Bot} className="size-3.5 text-muted" />}
            <span className="ms-auto min-w-0 truncate text-small text-muted">{placeOf(identity.channel)}</span>
          </p>
          <p className="text-small text-pretty text-muted">
            {identity.verified && (
              <>
                <Trans>Proven.</Trans>{' '}
              </>
            )}
            {identity.isBot && (
              <>
                <Trans>Says that it is a program.</Trans>{' '}
              </>
            )}
            {identity.evidence}
          </p>
          <p className="text-small text-muted">
            <Trans>
              Last seen <RelativeTime at={identity.lastSeenAt} />
            </Trans>
          </p>
        </li>
      ))}
    </ul>
  )
}
