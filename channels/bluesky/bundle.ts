// What is stored of a step: what the network said, whole, beside what was fetched around it, so that understanding it later
// needs nobody. Only the number of posts of a thread is bounded.
import { asObject, objectsOf, type Json } from './json.ts'

interface Base {
  /** The account it came to. */
  readonly did: string
  /** When it was fetched. */
  readonly at: string
}

export type Bundle = Base &
  (
    | {
        readonly kind: 'notification'
        readonly notification: Json
        /** Output of `getPostThread`, pruned. */
        readonly thread?: Json
        /** `profileViewDetailed` of its author. */
        readonly profile?: Json
      }
    | {
        readonly kind: 'own'
        readonly uri: string
        readonly cid: string
        readonly handle: string | null
        readonly record: Json
      }
    | {
        readonly kind: 'watch'
        readonly posts: readonly Json[]
        readonly gone: readonly string[]
        readonly goneActors: readonly string[]
      }
    | { readonly kind: 'chat'; readonly convo: Json | null; readonly log: Json }
    | { readonly kind: 'chat-history'; readonly convo: Json; readonly messages: readonly Json[] }
  )

export interface BundleDelivery {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export function deliveryOf(bundle: Bundle): BundleDelivery {
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(bundle)) }
}

export const MOST_ANCESTORS = 80
export const MOST_REPLIES = 60
const MOST_DEPTH = 4

/** The thread with its ancestors and the first of what was answered, breadth first; `left` counts what was left out. */
export function pruneThread(thread: Json): { readonly thread: Json; readonly left: number } {
  let room = MOST_REPLIES
  let left = 0
  const top = withoutRelatives(thread)
  const waiting: { from: Json; to: Record<string, unknown>; depth: number }[] = [{ from: thread, to: top, depth: 0 }]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const replies = objectsOf(next.from['replies'], Number.POSITIVE_INFINITY)
    const taken = next.depth < MOST_DEPTH ? replies.slice(0, room) : []
    left += replies.length - taken.length
    room -= taken.length
    if (taken.length === 0) continue
    const copies = taken.map(withoutRelatives)
    next.to['replies'] = copies
    for (const [index, reply] of taken.entries()) {
      waiting.push({ from: reply, to: copies[index]!, depth: next.depth + 1 })
    }
  }
  let [from, to] = [thread, top]
  for (let height = 0; height < MOST_ANCESTORS; height++) {
    const parent = asObject(from['parent'])
    if (parent === null) break
    const copy = withoutRelatives(parent)
    to['parent'] = copy
    ;[from, to] = [parent, copy]
  }
  return { thread: top, left }
}

function withoutRelatives({ parent: _parent, replies: _replies, ...rest }: Json): Record<string, unknown> {
  return rest
}
