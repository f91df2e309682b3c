// Places in the inbox for what domains above it have to say; `web/shell/placements.ts` fills them.
import type { ReactNode } from 'react'
import { slot } from '../../../web/ui/slot.tsx'
import type { Conversation, Message } from '../contract.ts'

/** Round the words of a message: what covers them, and what uncovers them. Without it the words stand as they are. */
export const aroundWords = slot<{ message: Message; children: (message: Message) => ReactNode }>()
/** Under the words of a message that came in. */
export const underMessage = slot<{ message: Message }>()
/** Between the head of a conversation and its messages. */
export const aboveThread = slot<{ conversation: Conversation }>()
/** In the panel beside a conversation, above the other conversations of the same person. */
export const besideConversation = slot<{ conversationId: string }>()
