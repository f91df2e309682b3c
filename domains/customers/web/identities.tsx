import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { BadgeCheck, Bot, ExternalLink } from 'lucide-react'
import { Avatar } from '../../../web/ui/avatar.tsx'
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
          <p className="flex flex-wrap items-center justify-between gap-x-3">
            <span className="flex min-w-0 items-center gap-1.5">
              {identity.picture && (
                <Avatar name={identity.handle ?? identity.externalId} src={identity.picture} size="small" decorative />
              )}
              <bdi className="min-w-0 font-medium wrap-anywhere">
                {identity.handle ?? identity.name ?? identity.externalId}
              </bdi>
              {identity.verified && <Icon of={BadgeCheck} className="size-3.5 text-accent" />}
              {identity.isBot && <Icon of={Bot} className="size-3.5 text-muted" />}
            </span>
            <span className="max-w-full min-w-0 truncate text-small text-muted">{placeOf(identity.channel)}</span>
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
          <Standing identity={identity} />
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

/** How far their words carry there, what they were called before, and whether the account still is one. */
function Standing({ identity }: { identity: Identity }) {
  const { i18n } = useLingui()
  const { reach, formerHandles, goneAt, movedTo, profileUrl } = identity
  const before = formerHandles.toReversed().join(', ')
  return (
    <div className="flex flex-col gap-0.5 text-small text-muted">
      {reach !== null && reach > 0 && (
        <p title={reach.toLocaleString(i18n.locale)}>
          <Plural value={reach} one="# follower" other="# followers" />
        </p>
      )}
      {goneAt && (
        <p className="text-waiting">
          <Trans>
            This account was deleted <RelativeTime at={goneAt} />
          </Trans>
        </p>
      )}
      {movedTo && (
        <p>
          <Trans>
            Moved to <bdi className="font-medium text-text">{movedTo}</bdi>
          </Trans>
        </p>
      )}
      {before !== '' && (
        <p className="wrap-anywhere">
          <Trans>
            Formerly <bdi>{before}</bdi>
          </Trans>
        </p>
      )}
      {profileUrl && /^https?:/i.test(profileUrl) && (
        <a
          href={profileUrl}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="flex min-h-6 items-center gap-1 self-start hover:text-text hover:underline"
        >
          <Icon of={ExternalLink} className="size-3.5" />
          <Trans>Profile on the network</Trans>
        </a>
      )}
    </div>
  )
}
