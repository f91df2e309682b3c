// A delivery of this channel: what the server said, as it said it, with what is needed to understand it by itself. Made while
// fetching, stored, and understood by `receive`, possibly years later.
import { compareIds, type Fields, type Status } from './entities.ts'

export interface Bundle {
  readonly v: 1
  readonly what: 'notification' | 'conversation' | 'own' | 'status' | 'context' | 'deleted' | 'account'
  /** The domain of the account's own server. */
  readonly host: string
  /** The id of the account that listens. */
  readonly me: string
  /** The thread's key, where it is part of a tree. */
  readonly thread?: string
  readonly notification?: Fields
  readonly status?: Fields
  readonly account?: Fields
  /** Of what is gone. */
  readonly id?: string
  readonly gone?: boolean
  /** From the root down; the root is the first where it is known. */
  readonly ancestors?: readonly Fields[]
  readonly descendants?: readonly Fields[]
  /** Private mentions that nobody notified us of. */
  readonly missed?: readonly Fields[]
}

export const treeKey = (rootId: string): string => `tree:${rootId}`

const MOST_KEY = 400

/** Private mentions between the same people are one line. `me` is left out: it is there always. */
export function lineKey(status: Pick<Status, 'account' | 'mentions'>, me: string): string {
  const others = [...new Set([status.account.id, ...status.mentions.map(({ id }) => id)])].filter(
    (id) => id !== me && id !== '',
  )
  const people = others.length > 0 ? others.toSorted(compareIds) : [me]
  return lineKeyOf(people)
}

export function lineKeyOf(people: readonly string[]): string {
  const key = `line:${people.join('+')}`
  // A crowd: named by its first, its last and its size.
  return key.length <= MOST_KEY ? key : `line:${people[0]}+${people.length}+${people.at(-1)}`
}

/** The ids of the people of a line, or none where the key is of another kind. */
export function peopleOfLine(key: string): readonly string[] {
  return key.startsWith('line:') ? key.slice('line:'.length).split('+') : []
}

export const rootOfTree = (key: string): string | null => (key.startsWith('tree:') ? key.slice('tree:'.length) : null)
