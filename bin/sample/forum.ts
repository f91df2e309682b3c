// The forum of the demo: a place outside the desk with its own memory. What people post here reaches the desk by the signed
// channel, and what the desk answers comes back by its callback; nothing is shared but what crossed the wire.
import { randomUUID } from 'node:crypto'
import type { ForumPost, ForumThread } from '../../portal/demo/forum-page.ts'
import type { ProgramParts } from '../program/program.ts'
import { places } from './cast.ts'
import type { Answer } from './receiver.ts'
import { postSigned } from './signed-post.ts'

export interface Forum {
  threads(): readonly ForumThread[]
  thread(key: string): ForumThread | undefined
  /** Somebody posts: a new thread where `key` is null. Answers the thread's key. */
  post(input: {
    readonly key: string | null
    readonly subject: string
    readonly name: string
    readonly text: string
  }): Promise<string>
  hear(answer: Answer): void
}

/** Threads that the shelf holds; older ones fall off. */
const MOST_THREADS = 200
const MOST_POSTS = 500

/** Opens the forum with what was public there before. */
export async function openForum(parts: ProgramParts, workspaceId: string): Promise<Forum> {
  const threads = new Map<string, ForumThread & { posts: ForumPost[] }>()
  for (const post of await pastPosts(parts, workspaceId)) {
    const { threadKey, subject, ...rest } = post
    const thread = threads.get(threadKey) ?? { key: threadKey, subject, posts: [] }
    thread.posts.push(rest)
    threads.set(threadKey, thread)
  }

  const add = (key: string, subject: string, post: ForumPost): void => {
    const thread = threads.get(key) ?? { key, subject, posts: [] }
    if (thread.posts.some(({ id }) => id === post.id) || thread.posts.length >= MOST_POSTS) return
    thread.posts.push(post)
    // The newest word comes first on the shelf.
    threads.delete(key)
    threads.set(key, thread)
    const oldest = threads.keys().next().value
    if (threads.size > MOST_THREADS && oldest !== undefined) threads.delete(oldest)
  }

  return {
    threads: () => [...threads.values()].toReversed(),
    thread: (key) => threads.get(key),
    async post({ key, subject, name, text }) {
      const threadKey = key ?? `forum-${randomUUID()}`
      const before = threads.get(threadKey)
      const id = `post-${randomUUID()}`
      const at = parts.clock.now()
      const title = before?.subject ?? subject
      await postSigned(parts, workspaceId, 'forum', {
        type: 'message',
        id,
        thread: { key: threadKey, shape: 'tree', visibility: 'public', subject: title },
        author: {
          id: `guest:${name.toLowerCase()}`,
          scope: 'window-seat',
          name,
          handle: name.toLowerCase().replaceAll(' ', '_'),
        },
        text,
        parent: before?.posts[0]?.id ?? null,
        at: at.toISOString(),
      })
      add(threadKey, title, { id, author: name, text, at, ours: false })
      return threadKey
    },
    hear({ thread, id, author, text }) {
      add(thread, threads.get(thread)?.subject ?? '', { id, author, text, at: parts.clock.now(), ours: true })
    },
  }
}

async function pastPosts({ db }: ProgramParts, workspaceId: string) {
  const rows = await db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('messages as m')
      .innerJoin('conversations as c', (join) =>
        join.onRef('c.workspaceId', '=', 'm.workspaceId').onRef('c.id', '=', 'm.conversationId'),
      )
      .innerJoin('connections as k', (join) =>
        join.onRef('k.workspaceId', '=', 'c.workspaceId').onRef('k.id', '=', 'c.connectionId'),
      )
      .select(['c.threadKey', 'c.subject', 'm.externalId', 'm.id', 'm.authorName', 'm.body', 'm.occurredAt', 'm.kind'])
      .where('k.name', '=', places.forum.name)
      .where('k.isSample', '=', true)
      .where('m.kind', 'in', ['in', 'out'])
      .where((where) => where.or([where('m.state', 'is', null), where('m.state', 'in', ['sent', 'delivered', 'read'])]))
      .where('m.deletedAt', 'is', null)
      .orderBy('m.occurredAt')
      .orderBy('m.seq')
      .execute(),
  )
  const lastOf = new Map(rows.map(({ threadKey, occurredAt }) => [threadKey, occurredAt.getTime()]))
  return rows
    .toSorted((a, b) => lastOf.get(a.threadKey)! - lastOf.get(b.threadKey)!)
    .map((row) => ({
      threadKey: row.threadKey,
      subject: row.subject ?? 'Without a title',
      id: row.externalId ?? row.id,
      author: row.authorName ?? 'somebody',
      text: row.body,
      at: row.occurredAt,
      ours: row.kind === 'out',
    }))
}
