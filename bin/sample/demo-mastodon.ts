// The demo's Mastodon: the server of the channel's own tests on loopback, with the airline's account and a past.
import { startMastodonServer } from '../../channels/mastodon/testing/server.ts'
import type { LocalAccount, LocalState, LocalStatus } from '../../channels/mastodon/testing/state.ts'
import type { NetworkPost, NetworkThread } from '../../portal/demo/network-page.ts'
import { handleOf, openShelf, startOn, type DemoNetwork } from './demo-network.ts'
import { pastOf, US } from './network-posts.ts'
import type { Portraits } from './portraits.ts'

const DOMAIN = 'larkmoor.example'
const HANDLE = 'larkmoor'

export async function openMastodon(directory: string, portraits: Portraits): Promise<DemoNetwork> {
  const shelf = await openShelf<LocalState>(directory, 'mastodon')
  let clock = (): Date => new Date()
  const server = await startOn(shelf.port, (port) =>
    startMastodonServer({
      port,
      domain: DOMAIN,
      handle: HANDLE,
      token: shelf.secret,
      now: () => clock(),
      ...(shelf.state && { state: shelf.state }),
    }),
  )
  const { world } = server
  const pictureOf = (name: string) => {
    const avatar = portraits.of(name) ?? ''
    return { avatar, avatar_static: avatar }
  }
  const { statuses, accounts, me } = world
  const port = Number(new URL(server.url).port)
  me.fields['display_name'] = US
  Object.assign(me.fields, pictureOf(US))
  const person = (name: string): LocalAccount =>
    name === US ? me : world.account(`${handleOf(name, '_')}@far.example`, { display_name: name, ...pictureOf(name) })
  const rootOf = (status: LocalStatus): LocalStatus => {
    const above = status.inReplyTo === null ? undefined : statuses.get(status.inReplyTo)
    return above ? rootOf(above) : status
  }
  const named = (text: string): string => (text.includes(`@${HANDLE}`) ? text : `@${HANDLE} ${text}`)

  const tell = (): void => {
    const start = Date.now()
    for (const { posts } of pastOf.mastodon) {
      const made: LocalStatus[] = []
      for (const { by, text, days, below, likes = 0, boosts = 0, warning = '' } of posts) {
        clock = () => new Date(start - days * 86_400_000)
        const author = person(by)
        const above = below === undefined ? undefined : made[below]
        const asks = author !== me && !(above && above.by !== me.id)
        const to = author === me && above ? `@${accounts.get(above.by)!.acct} ` : ''
        const options = { warning, ...(above && { inReplyTo: above.id }) }
        const status = world.post(author, asks ? named(text) : to + text, options)
        for (let n = 0; n < likes; n++) status.likes.add(`liked-${n}`)
        for (let n = 0; n < boosts; n++) status.boosts.add(`boosted-${n}`)
        made.push(status)
      }
    }
    clock = () => new Date()
  }
  if (!shelf.state) tell()
  shelf.begin(world.state, port)

  const shown = (status: LocalStatus): NetworkPost => {
    const by = accounts.get(status.by)!
    return {
      id: status.id,
      author: String(by.fields['display_name'] || by.acct),
      handle: `@${by === me ? `${HANDLE}@${DOMAIN}` : by.acct}`,
      text: status.text,
      warning: status.warning || null,
      at: status.createdAt,
      ours: by === me,
      likes: status.likes.size,
      boosts: status.boosts.size,
    }
  }
  const threads = (): NetworkThread[] => {
    const open = [...statuses.values()].filter(({ visibility }) => visibility !== 'direct' && visibility !== 'private')
    return [...Map.groupBy(open, (status) => rootOf(status).id)]
      .map(([key, all]) => ({ key, posts: all.map(shown) }))
      .toSorted((a, b) => b.posts.at(-1)!.at.getTime() - a.posts.at(-1)!.at.getTime())
  }
  return {
    channel: 'mastodon',
    handle: `@${HANDLE}@${DOMAIN}`,
    port,
    settings: { server: server.url, signIn: 'token', accessToken: shelf.secret },
    threads,
    thread: (key) => threads().find((thread) => thread.key === key),
    line: (name) => {
      const guest = person(name)
      return [...statuses.values()]
        .filter(({ visibility }) => visibility === 'direct')
        .filter((one) => one.by === guest.id || (one.by === me.id && world.mentionsOf(one.text).includes(guest)))
        .map(shown)
    },
    post({ key, name, text }) {
      const thread = key === null ? undefined : threads().find((one) => one.key === key)
      const above = thread?.posts.findLast(({ ours }) => ours) ?? thread?.posts[0]
      return rootOf(world.post(person(name), named(text), above ? { inReplyTo: above.id } : {})).id
    },
    whisper: (name, text) => void world.post(person(name), named(text), { visibility: 'direct' }),
    get isSettled() {
      return shelf.isSettled
    },
    settled: () => void (shelf.isSettled = true),
    async close() {
      await shelf.close()
      await server.stop()
    },
  }
}
