import { MessagesSquare, Plug, Webhook } from 'lucide-react'
import type { IconShape } from '../../../web/ui/icon.tsx'

const shapes: Readonly<Record<string, IconShape>> = { webchat: MessagesSquare, api: Webhook }

export function channelIcon(channel: string): IconShape {
  return shapes[channel] ?? Plug
}
