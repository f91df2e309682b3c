import { useMay } from '../../../platform/browser/session.tsx'
import { moderationActions, type Message, type ModerationAction } from '../contract.ts'
import { useModerationWords } from './moderated.tsx'
import { useChannelOf } from './use-channel.ts'

/** What this person may ask the network to do about a message: what it can, and what makes sense there. */
export function useModerations(message: Message): { readonly action: ModerationAction; readonly label: string }[] {
  const may = useMay()
  const words = useModerationWords()
  const can = useChannelOf(message.conversationId)?.capabilities['moderation']
  if (!may('customers.block') || !Array.isArray(can) || message.deletedAt !== null) return []
  const ours = message.kind === 'out'
  if (ours && message.state !== 'sent' && message.state !== 'delivered' && message.state !== 'read') return []
  const waiting = new Set(
    message.moderations.filter(({ state }) => state === 'asked' || state === 'waiting').map(({ action }) => action),
  )
  return (
    moderationActions
      .filter((action) => can.includes(action) && !waiting.has(action))
      // Of our own posts only taking them away makes sense.
      .filter((action) => !ours || action === 'remove')
      .map((action) => ({ action, label: words[action].ask }))
  )
}
