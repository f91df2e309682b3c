// The order in which a thread is drawn: days, the joins between public and private, answers below what they answer. Pure.
import type { Message } from '../contract.ts'

export type Block =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'join'; readonly key: string; readonly to: 'public' | 'private' }
  | {
      readonly kind: 'system'
      readonly key: string
      readonly message: Message
      /** Of another day than the heading above it says. */
      readonly dated: boolean
    }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: Message
      /** How deep below what it answers; 0 in a line. */
      readonly depth: number
      /** Goes on where the one before it stopped: same person, same minute or so. */
      readonly continues: boolean
      /** Of another day than the heading above it says. */
      readonly dated: boolean
      /** What it answers, when that stands somewhere else than right above. */
      readonly answers: Message | null
    }

interface Row {
  readonly message: Message
  readonly depth: number
  /** Stands inside a tree without being part of it; the days of the thread pass it by. */
  readonly aside: boolean
}

const TOGETHER_MS = 5 * 60_000
const DEEPEST = 4

/** @param messages oldest first. @param dayOf the day of a moment where the reader is. */
export function arrangeThread(
  messages: readonly Message[],
  shape: 'line' | 'tree',
  dayOf: (at: string) => string,
): Block[] {
  const rows: Row[] =
    shape === 'tree' ? inTree(messages) : messages.map((message) => ({ message, depth: 0, aside: false }))
  const byId = new Map(messages.map((message) => [message.id, message]))
  const blocks: Block[] = []
  let day = ''
  let before: Row | null = null
  let visibility: Message['visibility'] | null = null
  for (const row of rows) {
    const { message, depth } = row
    const its = dayOf(message.occurredAt)
    const nextDay = depth === 0 && !row.aside && its !== day
    if (nextDay) {
      day = its
      blocks.push({ kind: 'day', key: `day ${its} ${message.id}`, at: message.occurredAt })
    }
    if (message.kind === 'system') {
      blocks.push({ kind: 'system', key: message.id, message, dated: its !== day })
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
      dated: its !== day,
      // In a tree the place says it, as long as there is room to go deeper.
      answers:
        parent !== null && before?.message.id !== parent.id && (depth === 0 || depth === DEEPEST) ? parent : null,
    })
    before = row
  }
  return blocks
}

function goesOn(before: Row, { message, depth }: Row): boolean {
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

/**
 * Public answers below what they answer; everything private stays in the line of time. What we say among ourselves, and what
 * happened to the conversation, stands right below what was last said before it, also inside the tree.
 */
function inTree(messages: readonly Message[]): Row[] {
  const known = new Set(messages.map(({ id }) => id))
  const isAside = ({ kind }: Message) => kind === 'note' || kind === 'system'
  const hangs = (message: Message) =>
    message.visibility === 'public' && message.parentId !== null && known.has(message.parentId)
  const said = messages.filter((message) => !isAside(message))
  const below = Map.groupBy(said.filter(hangs), ({ parentId }) => parentId!)
  const asides = new Map<string | null, Message[]>()
  let last: string | null = null
  for (const message of messages) {
    if (isAside(message)) asides.set(last, [...(asides.get(last) ?? []), message])
    else last = message.id
  }
  const rows: Row[] = (asides.get(null) ?? []).map((message) => ({ message, depth: 0, aside: false }))
  const seen = new Set<string>()
  const add = (message: Message, depth: number): void => {
    if (seen.has(message.id)) return
    seen.add(message.id)
    rows.push({ message, depth: Math.min(depth, DEEPEST), aside: false })
    const answers = below.get(message.id) ?? []
    const inside = depth > 0 || answers.length > 0
    for (const aside of asides.get(message.id) ?? []) rows.push({ message: aside, depth: 0, aside: inside })
    for (const answer of answers) add(answer, depth + 1)
  }
  for (const message of said) if (!hangs(message)) add(message, 0)
  // Messages that answer each other in a ring can't come from a platform, and still must not vanish.
  for (const message of said) add(message, 0)
  return rows
}
