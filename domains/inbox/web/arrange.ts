// The order in which a thread is drawn: days, the joins between public and private, answers below what they answer. Pure.
import type { Message } from '../contract.ts'

export type Block =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'join'; readonly key: string; readonly to: 'public' | 'private' }
  | { readonly kind: 'system'; readonly key: string; readonly message: Message }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: Message
      /** How deep below what it answers; 0 in a line. */
      readonly depth: number
      /** Goes on where the one before it stopped: same person, same minute or so. */
      readonly continues: boolean
      /** What it answers, when that stands somewhere else than right above. */
      readonly answers: Message | null
    }

const TOGETHER_MS = 5 * 60_000
const DEEPEST = 4

/** @param messages oldest first. @param dayOf the day of a moment where the reader is. */
export function arrangeThread(
  messages: readonly Message[],
  shape: 'line' | 'tree',
  dayOf: (at: string) => string,
): Block[] {
  const rows = shape === 'tree' ? inTree(messages) : messages.map((message) => ({ message, depth: 0 }))
  const byId = new Map(messages.map((message) => [message.id, message]))
  const blocks: Block[] = []
  let day = ''
  let before: { message: Message; depth: number } | null = null
  let visibility: Message['visibility'] | null = null
  for (const row of rows) {
    const { message, depth } = row
    const its = dayOf(message.occurredAt)
    const nextDay = depth === 0 && its !== day
    if (nextDay) {
      day = its
      blocks.push({ kind: 'day', key: `day ${its} ${message.id}`, at: message.occurredAt })
    }
    if (message.kind === 'system') {
      blocks.push({ kind: 'system', key: message.id, message })
      before = null
      continue
    }
    if (message.kind !== 'note') {
      if (visibility !== null && visibility !== message.visibility)
        blocks.push({ kind: 'join', key: `join ${message.id}`, to: message.visibility })
      visibility = message.visibility
    }
    const parent = message.parentId === null ? null : (byId.get(message.parentId) ?? null)
    blocks.push({
      kind: 'message',
      key: message.id,
      message,
      depth,
      continues: !nextDay && before !== null && goesOn(before, row),
      // In a tree the place says it, as long as there is room to go deeper.
      answers:
        parent !== null && before?.message.id !== parent.id && (depth === 0 || depth === DEEPEST) ? parent : null,
    })
    before = row
  }
  return blocks
}

function goesOn(
  before: { message: Message; depth: number },
  { message, depth }: { message: Message; depth: number },
): boolean {
  const last = before.message
  return (
    before.depth === depth &&
    last.kind === message.kind &&
    last.visibility === message.visibility &&
    last.memberId === message.memberId &&
    last.identityId === message.identityId &&
    last.authorName === message.authorName &&
    Date.parse(message.occurredAt) - Date.parse(last.occurredAt) < TOGETHER_MS
  )
}

/** Public answers below what they answer; everything private stays in the line of time. */
function inTree(messages: readonly Message[]): { message: Message; depth: number }[] {
  const known = new Set(messages.map(({ id }) => id))
  const hangs = (message: Message) =>
    message.visibility === 'public' && message.parentId !== null && known.has(message.parentId)
  const below = Map.groupBy(messages.filter(hangs), ({ parentId }) => parentId!)
  const rows: { message: Message; depth: number }[] = []
  const seen = new Set<string>()
  const add = (message: Message, depth: number): void => {
    if (seen.has(message.id)) return
    seen.add(message.id)
    rows.push({ message, depth: Math.min(depth, DEEPEST) })
    for (const answer of below.get(message.id) ?? []) add(answer, depth + 1)
  }
  for (const message of messages) if (!hangs(message)) add(message, 0)
  // Messages that answer each other in a ring can't come from a platform, and still must not vanish.
  for (const message of messages) add(message, 0)
  return rows
}
