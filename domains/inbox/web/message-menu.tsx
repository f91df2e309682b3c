// What can be done with one message that came by a channel whose threads are made of answers: looked at as it came, put elsewhere.
import { useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import {
  Ban,
  Download,
  Ellipsis,
  FileCode,
  FolderInput,
  ListTree,
  Scissors,
  ScissorsLineDashed,
  ShieldAlert,
} from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { pathOf } from '#platform/contract/client'
import { problemOf } from '../../../platform/browser/api.ts'
import { useMay } from '../../../platform/browser/session.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Menu } from '../../../web/ui/menu.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { useStored } from '../../../web/ui/stored.ts'
import { originalRoutes, type Message, type ModerationAction } from '../contract.ts'
import { reorganisingApi } from './api.ts'
import { htmlFirst } from './message-body.tsx'
import { ModerateDialog } from './moderated.tsx'
import { useBlockSender } from './use-block-sender.ts'
import { useModerations } from './use-moderations.ts'

const HeadersDialog = lazy(async () => ({ default: (await import('./original-dialog.tsx')).HeadersDialog }))
const RawDialog = lazy(async () => ({ default: (await import('./original-dialog.tsx')).RawDialog }))
const MoveDialog = lazy(async () => ({ default: (await import('./move-dialog.tsx')).MoveDialog }))

export const rawAddress = (id: string): string => `/api${pathOf(originalRoutes.readRaw, { params: { id } })}`

export function MessageMenu({ message, name }: { message: Message; name: string }) {
  const { t } = useLingui()
  const may = useMay()
  const navigate = useNavigate()
  const [first, setFirst] = useStored(htmlFirst)
  const [open, setOpen] = useState<'headers' | 'raw' | 'move' | { moderate: ModerationAction } | null>(null)
  const { id, raw, hasHtml, placedBy, state } = message
  // Where the platform itself says what belongs together, nobody moves anything.
  const movable = may('inbox.assign') && placedBy !== 'thread' && state !== 'held' && state !== 'sending'
  const split = async (following: boolean) => {
    try {
      const { conversationId } = await reorganisingApi.splitMessage({ params: { id }, body: { following } })
      notify(t`It has a conversation of its own now.`)
      await navigate({ to: '/inbox/{-$conversationId}', params: { conversationId }, search: (before) => before })
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
    }
  }
  const block = useBlockSender()
  const groups = [
    {
      items: raw
        ? [
            { label: t`Header lines`, icon: ListTree, onSelect: () => setOpen('headers') },
            { label: t`As it came`, icon: FileCode, onSelect: () => setOpen('raw') },
            { label: t`Download it`, icon: Download, onSelect: () => location.assign(rawAddress(id)) },
          ]
        : [],
    },
    {
      items: hasHtml
        ? [{ label: t`Always show mail as it was designed`, checked: first, onSelect: () => setFirst(!first) }]
        : [],
    },
    {
      items: movable
        ? [
            { label: t`Move to another conversation`, icon: FolderInput, onSelect: () => setOpen('move') },
            { label: t`Split it off`, icon: Scissors, onSelect: () => void split(false) },
            {
              label: t`Split it off, with all that follows`,
              icon: ScissorsLineDashed,
              onSelect: () => void split(true),
            },
          ]
        : [],
    },
    {
      items: useModerations(message).map(({ action, label }) => ({
        label,
        icon: ShieldAlert,
        onSelect: () => setOpen({ moderate: action }),
      })),
    },
    {
      items:
        may('customers.block') && message.kind === 'in' && message.identityId !== null
          ? [{ label: t`Block ${name}`, icon: Ban, danger: true, onSelect: () => void block(message, name) }]
          : [],
    },
  ].filter(({ items }) => items.length > 0)
  if (groups.length === 0) return null
  const close = () => setOpen(null)
  return (
    <>
      <Menu
        align="end"
        groups={groups}
        trigger={
          <IconButton
            icon={Ellipsis}
            size="small"
            label={t`More about the message of ${name}`}
            className="self-start group-has-[iframe]:absolute group-has-[iframe]:end-0 group-has-[iframe]:top-0 opacity-0 group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100"
          />
        }
      />
      {open && (
        <Suspense>
          {open === 'headers' && <HeadersDialog messageId={id} onClose={close} />}
          {open === 'raw' && <RawDialog messageId={id} onClose={close} />}
          {open === 'move' && <MoveDialog message={message} onClose={close} />}
          {typeof open === 'object' && (
            <ModerateDialog message={message} action={open.moderate} name={name} onClose={close} />
          )}
        </Suspense>
      )}
    </>
  )
}
