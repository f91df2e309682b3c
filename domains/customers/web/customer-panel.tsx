import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Ban } from 'lucide-react'
import type { ReactNode } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Avatar } from '../../../web/ui/avatar.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import type { Customer } from '../contract.ts'
import { Attributes } from './attributes.tsx'
import { BlockPart } from './block-part.tsx'
import { Identities } from './identities.tsx'
import { useKindWords } from './kind-words.ts'
import { Notes } from './notes.tsx'
import { PanelPart } from './panel-part.tsx'
import { customerQuery } from './queries.ts'
import { Tags } from './tags.tsx'

type CustomerPanelProps = {
  id: string
  /** Names behind member ids, for who noted something. */
  nameOf: (memberId: string | null) => string
  /** Names of channels, for where an identity is. */
  placeOf: (channel: string) => string
  /** What other domains know of them: their other conversations. */
  children?: ReactNode
}

/** Who this is: identities with the reason why they are believed, facts, tags, notes. */
export function CustomerPanel({ id, nameOf, placeOf, children }: CustomerPanelProps) {
  const { t } = useLingui()
  const { data, error, refetch } = useQuery(customerQuery(id))
  if (!data) {
    if (!error) return <SkeletonRows rows={3} />
    return (
      <div className="flex flex-col items-start gap-2 p-4 text-muted">
        {problemOf(error).message}
        <Button size="small" onClick={() => void refetch()}>
          <Trans>Try again</Trans>
        </Button>
      </div>
    )
  }
  return (
    <div className="flex flex-col">
      <Who customer={data} />
      <PanelPart title={t`Known as`}>
        <Identities identities={data.identities} placeOf={placeOf} />
      </PanelPart>
      <Attributes customer={data} />
      <Tags customer={data} />
      {children}
      <Notes customer={data} nameOf={nameOf} />
      <BlockPart customer={data} />
    </div>
  )
}

function Who({ customer }: { customer: Customer }) {
  const { t } = useLingui()
  const kinds = useKindWords()
  const name = customer.name ?? t`Unknown person`
  return (
    <header className="flex items-center gap-3 px-4 py-4">
      <Avatar
        name={name}
        src={customer.identities.find(({ picture }) => picture !== null)?.picture}
        colourKey={customer.id}
        size="large"
        decorative
      />
      <div className="min-w-0">
        <h2 className="truncate text-large">
          <bdi>{name}</bdi>
        </h2>
        <p className="truncate text-small text-muted">
          {kinds[customer.kind]}
          {customer.locale && <> · {customer.locale}</>}
        </p>
        <p className="truncate text-small text-muted">
          <Trans>
            First seen <RelativeTime at={customer.firstSeenAt} />
          </Trans>
        </p>
        {customer.blocked && (
          <p className="mt-1 flex items-center gap-1 text-small text-overdue">
            <Icon of={Ban} className="size-3.5" />
            <Trans>Blocked</Trans>
          </p>
        )}
      </div>
    </header>
  )
}
