// A small network in memory: accounts, posts, notifications and private conversations, told as a Mastodon server tells them.
// It knows nothing of HTTP. Everything that happens is announced to whoever listens, as on the real streams.

export interface LocalAccount {
  readonly id: string
  readonly acct: string
  readonly fields: Record<string, unknown>
  gone: boolean
}

export interface LocalStatus {
  readonly id: string
  readonly by: string
  text: string
  /** Given as it is, instead of being made of `text`. */
  html: string | null
  warning: string
  readonly visibility: string
  readonly inReplyTo: string | null
  readonly createdAt: Date
  editedAt: Date | null
  readonly likes: Set<string>
  readonly boosts: Set<string>
  readonly media: readonly Record<string, unknown>[]
  readonly poll: Record<string, unknown> | null
  readonly application: string | null
  readonly quotes: string | null
}

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

export type Entity = Record<string, unknown>

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
}

const FIRST_STATUS = 113_400_000_000_000_000n
const MENTION = /(?<![\w/@])@([\w.-]*\w)(?:@([\w.-]*\w(?::\d+)?))?/g

export function createWorld({ domain, origin, now, handle = 'hollow_air' }: WorldOptions): World {
  const accounts = new Map<string, LocalAccount>()
  const statuses = new Map<string, LocalStatus>()
  const notifications: Entity[] = []
  const acts: Entity[] = []
  const listeners = new Set<(announcement: Announcement) => void>()
  let statusCount = 0n
  let notificationCount = 5_000_000
  let accountCount = 109_000_000_000

  const announce = (stream: Announcement['stream'], event: string, payload: unknown) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    for (const hear of listeners) hear({ stream, event, payload: text })
  }

  const account: World['account'] = (acct, fields = {}) => {
    const known = [...accounts.values()].find((one) => one.acct === acct)
    if (known) return known
    const made: LocalAccount = { id: String((accountCount += 7)), acct, fields, gone: false }
    accounts.set(made.id, made)
    return made
  }
  const me = account(handle, { display_name: 'Hollow Air' })

  const findAccount = (name: string, server: string | undefined) =>
    [...accounts.values()].find(
      ({ acct }) =>
        acct.toLowerCase() === (server === undefined || server === domain ? name : `${name}@${server}`).toLowerCase(),
    )
  const mentionsOf: World['mentionsOf'] = (text) => {
    const found = [...text.matchAll(MENTION)].flatMap(([, name, server]) => findAccount(name!, server) ?? [])
    return [...new Map(found.map((one) => [one.id, one])).values()]
  }

  const accountOf: World['accountOf'] = ({ id, acct, fields }) => {
    const [username, server = domain] = acct.split('@')
    return {
      id,
      username,
      acct,
      display_name: '',
      locked: false,
      bot: false,
      discoverable: true,
      group: false,
      created_at: '2024-02-01T00:00:00.000Z',
      note: '<p>Somebody.</p>',
      url: `https://${server}/@${username}`,
      uri: `https://${server}/users/${username}`,
      avatar: `https://files.${server}/avatars/${username}.png`,
      avatar_static: `https://files.${server}/avatars/${username}.png`,
      followers_count: 12,
      following_count: 30,
      statuses_count: 100,
      emojis: [],
      fields: [],
      ...fields,
    }
  }

  const statusOf: World['statusOf'] = (status, depth = 0) => {
    const by = accounts.get(status.by)!
    const [username, server = domain] = by.acct.split('@')
    const quoted = status.quotes === null ? undefined : statuses.get(status.quotes)
    const parent = status.inReplyTo === null ? undefined : statuses.get(status.inReplyTo)
    return {
      id: status.id,
      created_at: status.createdAt.toISOString(),
      // A server forgets what a post answered when that is deleted.
      in_reply_to_id: parent ? parent.id : null,
      in_reply_to_account_id: parent ? parent.by : null,
      sensitive: status.warning !== '',
      spoiler_text: status.warning,
      visibility: status.visibility,
      language: 'en',
      uri: `https://${server}/users/${username}/statuses/${status.id}`,
      url: `https://${server}/@${username}/${status.id}`,
      replies_count: [...statuses.values()].filter((one) => one.inReplyTo === status.id).length,
      reblogs_count: status.boosts.size,
      favourites_count: status.likes.size,
      edited_at: status.editedAt?.toISOString() ?? null,
      content: status.html ?? rendered(status.text),
      reblog: null,
      ...(status.application !== null && { application: { name: status.application, website: null } }),
      account: accountOf(by),
      media_attachments: status.media,
      mentions: mentionsOf(status.text).map((one) => ({
        id: one.id,
        username: one.acct.split('@')[0],
        acct: one.acct,
        url: accountOf(one)['url'],
      })),
      tags: [],
      emojis: [],
      card: null,
      poll: status.poll,
      ...(depth === 0 && quoted && { quote: { state: 'accepted', quoted_status: statusOf(quoted, 1) } }),
    }
  }

  function rendered(text: string): string {
    const words = text
      .replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!)
      .replace(/https?:\/\/[^\s<]+/g, (url) => {
        const [, scheme = '', rest = ''] = /^(https?:\/\/(?:www\.)?)(.*)$/.exec(url) ?? []
        const [shown, hidden] = [rest.slice(0, 30), rest.slice(30)]
        return `<a href="${url}" rel="nofollow noopener" target="_blank"><span class="invisible">${scheme}</span><span class="${hidden ? 'ellipsis' : ''}">${shown}</span><span class="invisible">${hidden}</span></a>`
      })
      .replace(
        /#(\p{L}[\p{L}\p{N}_]*)/gu,
        (_whole, tag: string) =>
          `<a href="${origin}/tags/${tag.toLowerCase()}" class="mention hashtag" rel="tag">#<span>${tag}</span></a>`,
      )
      .replace(MENTION, (whole, name: string, server?: string) => {
        const found = findAccount(name, server)
        if (!found) return whole
        return `<span class="h-card" translate="no"><a href="${String(accountOf(found)['url'])}" class="u-url mention">@<span>${name}</span></a></span>`
      })
    return words
      .split(/\n\n+/)
      .map((part) => `<p>${part.replaceAll('\n', '<br />')}</p>`)
      .join('')
  }

  const visible = (status: LocalStatus) =>
    ['public', 'unlisted'].includes(status.visibility) || status.by === me.id || mentionsOf(status.text).includes(me)

  const notify: World['notify'] = (type, by, more = {}, { silent = false, status } = {}) => {
    const made: Entity = {
      id: String((notificationCount += 3)),
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
      id: String(FIRST_STATUS + (statusCount += 11n)),
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
