// What stands in the slots of lower domains' screens: the one place that knows both sides.
import { aboveThread, aroundWords, besideConversation, underMessage } from '../../domains/inbox/web/index.ts'
import { fillSlot } from '../ui/slot.tsx'

const triage = () => import('../../domains/triage/web/thread-parts.ts')

/** Called once, by the program. */
export function placeParts(): void {
  fillSlot(aroundWords, async () => (await triage()).CoveredWords)
  fillSlot(underMessage, async () => (await triage()).MessageLabels)
  fillSlot(aboveThread, async () => (await triage()).AboveThread)
  fillSlot(besideConversation, async () => (await triage()).PriorityPart)
}
