// The way to write first: there only where a connected channel allows it.
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { SquarePen } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { useKeysFor, useShortcuts } from '../../../web/ui/use-shortcuts.tsx'
import { channelsQuery, connectionsQuery } from './queries.ts'
import { openingQuery } from './use-opening.ts'

const NewMessageDialog = lazy(async () => ({ default: (await import('./new-message-dialog.tsx')).NewMessageDialog }))

export function NewMessage() {
  const { t } = useLingui()
  const may = useMay()
  const mayWrite = may('inbox.reply') && may('connections.read')
  const { data: channels = [] } = useQuery({ ...channelsQuery, enabled: mayWrite })
  const { data: connections = [] } = useQuery({ ...connectionsQuery, enabled: mayWrite, staleTime: Infinity })
  const [open, setOpen] = useState(false)
  const keys = useKeysFor('inbox.compose', 'c')
  const begins = new Set(
    channels
      .filter(
        ({ capabilities }) => capabilities['startsConversations'] === true && capabilities['addressees'] === 'many',
      )
      .map(({ id }) => id),
  )
  const from = connections.filter(({ channel, state }) => state === 'active' && begins.has(channel))
  const offered = mayWrite && from.length > 0
  const begun = Boolean(useQuery({ ...openingQuery, enabled: offered }).data)
  useShortcuts(
    offered
      ? [
          {
            id: 'inbox.compose',
            keys: 'c',
            label: t`Write a new message`,
            group: t`Conversations`,
            run: () => setOpen(true),
          },
        ]
      : [],
  )
  if (!offered) return null
  return (
    <>
      <span className="relative flex">
        <IconButton
          icon={SquarePen}
          size="small"
          label={begun ? t`Write a new message: go on with your draft` : t`Write a new message`}
          keys={keys}
          onClick={() => setOpen(true)}
        />
        {begun && (
          <span aria-hidden className="pointer-events-none absolute end-1 top-1 size-1.5 rounded-full bg-accent" />
        )}
      </span>
      {open && (
        <Suspense>
          <NewMessageDialog
            from={from.map(({ id, name, signature }) => ({ id, name, signature }))}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  )
}
