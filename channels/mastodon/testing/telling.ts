// Accounts and posts as a Mastodon server tells them.
import type { Entity, LocalAccount, LocalState, LocalStatus } from './state.ts'

const MENTION = /(?<![\w/@])@([\w.-]*\w)(?:@([\w.-]*\w(?::\d+)?))?/g

export interface Telling {
  accountOf(account: LocalAccount): Entity
  statusOf(status: LocalStatus, depth?: number): Entity
  mentionsOf(text: string): readonly LocalAccount[]
}

export function createTelling(
  { accounts, statuses }: LocalState,
  { domain, origin }: { readonly domain: string; readonly origin: string },
): Telling {
  const findAccount = (name: string, server: string | undefined) =>
    [...accounts.values()].find(
      ({ acct }) =>
        acct.toLowerCase() === (server === undefined || server === domain ? name : `${name}@${server}`).toLowerCase(),
    )
  const mentionsOf: (text: string) => readonly LocalAccount[] = (text) => {
    const found = [...text.matchAll(MENTION)].flatMap(([, name, server]) => findAccount(name!, server) ?? [])
    return [...new Map(found.map((one) => [one.id, one])).values()]
  }

  const accountOf: (account: LocalAccount) => Entity = ({ id, acct, fields }) => {
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

  const statusOf: (status: LocalStatus, depth?: number) => Entity = (status, depth = 0) => {
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

  return { accountOf, statusOf, mentionsOf }
}
