// A small network in memory: accounts, posts, notifications and private conversations, told as a Mastodon server tells them.
// It knows nothing of HTTP. Everything that happens is announced to whoever listens, as on the real streams.
import { type Entity, freshState, type LocalAccount, type LocalState, type LocalStatus } from './state.ts'
import { createTelling } from './telling.ts'

export interface PostOptions {
  readonly inReplyTo?: string
  readonly visibility?: 'public' | 'unlisted' | 'private' | 'direct'
  readonly html?: string
  readonly warning?: string
  readonly media?: readonly Record<string, unknown>[]
  readonly poll?: Record<string, unknown>
  readonly application?: string
  readonly quotes?: string
  /** Stored and listed, and told on no stream. */
  readonly silent?: boolean
}

export interface Announcement {
  readonly stream: 'home' | 'notification' | 'direct'
  readonly event: string
  readonly payload: string
}

export interface World {
  readonly domain: string
  readonly origin: string
  readonly now: () => Date
  /** The account that the token belongs to. */
  readonly me: LocalAccount
  readonly accounts: Map<string, LocalAccount>
  readonly statuses: Map<string, LocalStatus>
  readonly notifications: Entity[]
  readonly acts: Entity[]
  /** All of it, to be kept. */
  readonly state: LocalState
  account(acct: string, fields?: Entity): LocalAccount
  post(by: LocalAccount, text: string, options?: PostOptions): LocalStatus
  edit(id: string, text: string, options?: { readonly silent?: boolean }): void
  remove(id: string, options?: { readonly silent?: boolean }): void
  like(by: LocalAccount, id: string): void
  boost(by: LocalAccount, id: string): void
  notify(
    type: string,
    by: LocalAccount | null,
    more?: Entity,
    options?: { readonly silent?: boolean; readonly status?: string },
  ): Entity
  statusOf(status: LocalStatus, depth?: number): Entity
  accountOf(account: LocalAccount): Entity
  notificationOf(notification: Entity): Entity
  conversations(): Entity[]
  contextOf(id: string): { readonly ancestors: Entity[]; readonly descendants: Entity[] } | null
  visible(status: LocalStatus): boolean
  mentionsOf(text: string): readonly LocalAccount[]
  listen(hear: (announcement: Announcement) => void): () => void
}

export interface WorldOptions {
  readonly domain: string
  readonly origin: string
  readonly now: () => Date
  readonly handle?: string
  /** What was kept of it before. */
  readonly state?: LocalState
}

const FIRST_STATUS = 113_400_000_000_000_000n

export function createWorld({ domain, origin, now, handle = 'hollow_air', state = freshState() }: WorldOptions): World {
  const { accounts, statuses, notifications, acts, made: counts } = state
  const listeners = new Set<(announcement: Announcement) => void>()

  const announce = (stream: Announcement['stream'], event: string, payload: unknown) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    for (const hear of listeners) hear({ stream, event, payload: text })
  }

  const account: World['account'] = (acct, fields = {}) => {
    const known = [...accounts.values()].find((one) => one.acct === acct)
    if (known) return known
    const made: LocalAccount = { id: String((counts.accounts += 7)), acct, fields, gone: false }
    accounts.set(made.id, made)
    return made
  }
  const { accountOf, statusOf, mentionsOf } = createTelling(state, { domain, origin })
  const me = account(handle, { display_name: 'Hollow Air' })

  const visible = (status: LocalStatus) =>
    ['public', 'unlisted'].includes(status.visibility) || status.by === me.id || mentionsOf(status.text).includes(me)

  const notify: World['notify'] = (type, by, more = {}, { silent = false, status } = {}) => {
    const made: Entity = {
      id: String((counts.notifications += 3)),
      type,
      created_at: now().toISOString(),
      ...(by && { account: by.id }),
      ...(status !== undefined && { status }),
      ...more,
    }
    notifications.push(made)
    if (!silent) announce('notification', 'notification', notificationOf(made))
    return made
  }
  const notificationOf: World['notificationOf'] = (made) => {
    const { account: by, status, ...rest } = made as { account?: string; status?: string }
    return {
      ...rest,
      ...(by !== undefined && { account: accountOf(accounts.get(by)!) }),
      ...(status !== undefined && statuses.has(status) && { status: statusOf(statuses.get(status)!) }),
    }
  }

  /** Posts that answer each other in private are one conversation. */
  const rootOf = (status: LocalStatus): string => {
    const parent = status.inReplyTo === null ? undefined : statuses.get(status.inReplyTo)
    return parent && parent.visibility === 'direct' ? rootOf(parent) : status.id
  }
  const conversations: World['conversations'] = () => {
    const found = new Map<string, LocalStatus>()
    for (const status of statuses.values()) {
      if (status.visibility === 'direct' && visible(status)) found.set(rootOf(status), status)
    }
    return [...found].map(([root, last]) => conversationOf(root, last)).toReversed()
  }
  const conversationOf = (root: string, last: LocalStatus): Entity => ({
    id: String(Number(BigInt(root) - FIRST_STATUS) + 400_000),
    unread: last.by !== me.id,
    accounts: [...new Set([accounts.get(last.by)!, ...mentionsOf(last.text)])]
      .filter((one) => one !== me)
      .map(accountOf),
    last_status: statusOf(last),
  })

  const tell = (status: LocalStatus, event: 'update' | 'status.update') => {
    if (status.by === me.id) announce('home', event, statusOf(status))
    if (status.visibility === 'direct' && visible(status))
      announce('direct', 'conversation', conversationOf(rootOf(status), status))
  }

  const post: World['post'] = (by, text, options = {}) => {
    const made: LocalStatus = {
      id: String(FIRST_STATUS + (counts.statuses += 11n)),
      by: by.id,
      text,
      html: options.html ?? null,
      warning: options.warning ?? '',
      visibility: options.visibility ?? 'public',
      inReplyTo: options.inReplyTo ?? null,
      createdAt: now(),
      editedAt: null,
      likes: new Set(),
      boosts: new Set(),
      media: options.media ?? [],
      poll: options.poll ?? null,
      application: options.application ?? null,
      quotes: options.quotes ?? null,
    }
    statuses.set(made.id, made)
    const silent = options.silent === true
    if (!silent) tell(made, 'update')
    if (by !== me && mentionsOf(text).includes(me)) notify('mention', by, {}, { silent, status: made.id })
    if (by !== me && options.quotes && statuses.get(options.quotes)?.by === me.id)
      notify('quote', by, {}, { silent, status: made.id })
    return made
  }

  return {
    domain,
    origin,
    now,
    me,
    accounts,
    statuses,
    notifications,
    acts,
    state,
    account,
    post,
    edit(id, text, { silent = false } = {}) {
      const status = statuses.get(id)!
      Object.assign(status, { text, html: null, editedAt: now() })
      // A server tells of edits to followers of the author; to strangers who were named it does not.
      if (!silent) {
        announce('home', 'status.update', statusOf(status))
        if (status.visibility === 'direct') tell(status, 'status.update')
      }
    },
    remove(id, { silent = false } = {}) {
      if (!statuses.delete(id)) return
      for (let at = notifications.length - 1; at >= 0; at--)
        if (notifications[at]!['status'] === id) notifications.splice(at, 1)
      if (!silent) announce('home', 'delete', id)
    },
    like(by, id) {
      statuses.get(id)!.likes.add(by.id)
      if (statuses.get(id)!.by === me.id) notify('favourite', by, {}, { status: id })
    },
    boost(by, id) {
      statuses.get(id)!.boosts.add(by.id)
      if (statuses.get(id)!.by === me.id) notify('reblog', by, {}, { status: id })
    },
    notify,
    statusOf,
    accountOf,
    notificationOf,
    conversations,
    contextOf(id) {
      const status = statuses.get(id)
      if (!status) return null
      const ancestors: LocalStatus[] = []
      for (let up = status.inReplyTo; up !== null && statuses.has(up); up = statuses.get(up)!.inReplyTo)
        ancestors.unshift(statuses.get(up)!)
      const below = new Map<string, LocalStatus[]>()
      for (const one of statuses.values())
        if (one.inReplyTo !== null) below.set(one.inReplyTo, [...(below.get(one.inReplyTo) ?? []), one])
      const descendants: LocalStatus[] = []
      const waiting = [...(below.get(id) ?? [])]
      for (let one = waiting.shift(); one; one = waiting.shift()) {
        descendants.push(one)
        waiting.unshift(...(below.get(one.id) ?? []))
      }
      const told = (list: readonly LocalStatus[]) => list.filter(visible).map((one) => statusOf(one))
      return { ancestors: told(ancestors), descendants: told(descendants.slice(0, 4096)) }
    },
    visible,
    mentionsOf,
    listen(hear) {
      listeners.add(hear)
      return () => void listeners.delete(hear)
    },
  }
}
