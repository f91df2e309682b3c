// The demo's Bluesky: server, AppView and chat of the channel's own tests on loopback, with the airline's account and a past.
import { startBlueskyServer } from '../../channels/bluesky/testing/server.ts'
import { openWorld, type Person, type Stored, type WorldState } from '../../channels/bluesky/testing/world.ts'
import type { NetworkPost, NetworkThread } from '../../portal/demo/network-page.ts'
import { handleOf, openShelf, startOn, type DemoNetwork } from './demo-network.ts'
import { pastOf, US } from './network-posts.ts'
import type { Portraits } from './portraits.ts'

const HANDLE = 'larkmoor.example'
const POST = 'app.bsky.feed.post'

export async function openBluesky(directory: string, portraits: Portraits): Promise<DemoNetwork> {
  const shelf = await openShelf<WorldState>(directory, 'bluesky')
  let clock = (): Date => new Date()
  const world = openWorld(() => clock(), shelf.state)
  const server = await startOn(shelf.port, (port) => startBlueskyServer(world, port))
  const us =
    world.find(HANDLE) ??
    world.addPerson({ handle: HANDLE, displayName: US, appPasswords: new Map([[shelf.secret, { chat: true }]]) })
  const pictureOf = (name: string) => {
    const avatar = portraits.of(name)
    return avatar === undefined ? {} : { avatar }
  }
  const person = (name: string): Person => {
    const handle = `${handleOf(name, '-')}.far.example`
    return name === US ? us : (world.find(handle) ?? world.addPerson({ handle, displayName: name, ...pictureOf(name) }))
  }
  const ask = (text: string) => {
    const words = text.startsWith(`@${HANDLE}`) ? text : `@${HANDLE} ${text}`
    const feature = { $type: 'app.bsky.richtext.facet#mention', did: us.did }
    const facets = [{ index: { byteStart: 0, byteEnd: HANDLE.length + 1 }, features: [feature] }]
    return { words, facets }
  }
  const keyOf = (uri: string): string => uri.split('/').at(-1)!
  const rootOf = ({ uri, value }: Stored): string =>
    (value['reply'] as { root: { uri: string } } | undefined)?.root.uri ?? uri
  const count = (collection: string, uri: string): number =>
    [...world.records.values()].filter(
      (one) =>
        one.uri.includes(`/${collection}/`) && (one.value['subject'] as { uri?: string } | undefined)?.uri === uri,
    ).length

  const tell = (): void => {
    const start = Date.now()
    for (const { posts } of pastOf.bluesky) {
      const made: Stored[] = []
      for (const { by, text, days, below, likes = 0, boosts = 0 } of posts) {
        clock = () => new Date(start - days * 86_400_000)
        const author = person(by)
        const above = below === undefined ? undefined : made[below]
        const { words, facets } = ask(text)
        const post = above ? world.reply(author, above, text) : world.post(author, words, { facets })
        for (let n = 0; n < likes; n++) world.like(reader(n), post)
        for (let n = 0; n < boosts; n++) world.repost(reader(n), post)
        made.push(post)
      }
    }
    clock = () => new Date()
  }
  const reader = (n: number): Person => ({
    ...us,
    did: `did:plc:${String(n)
      .replace(/\d/g, (d) => 'abcdefghij'[Number(d)]!)
      .padStart(24, 'r')}`,
  })
  if (!shelf.state) tell()
  shelf.begin(world.state, Number(new URL(server.url).port))

  const authorOf = (did: string) => {
    const by = world.people.get(did)
    return { author: by?.displayName ?? did, handle: `@${by?.handle ?? did}`, ours: did === us.did }
  }
  const shown = (post: Stored): NetworkPost => ({
    id: keyOf(post.uri),
    ...authorOf(post.uri.split('/')[2]!),
    text: String(post.value['text']),
    warning: null,
    at: new Date(String(post.value['createdAt'])),
    likes: count('app.bsky.feed.like', post.uri),
    boosts: count('app.bsky.feed.repost', post.uri),
  })
  const posts = (): Stored[] => [...world.records.values()].filter(({ uri }) => uri.includes(`/${POST}/`))
  const threads = (): NetworkThread[] =>
    [...Map.groupBy(posts(), rootOf)]
      .map(([uri, all]) => ({ key: keyOf(uri), posts: all.map(shown) }))
      .toSorted((a, b) => b.posts.at(-1)!.at.getTime() - a.posts.at(-1)!.at.getTime())
  return {
    channel: 'bluesky',
    handle: `@${HANDLE}`,
    port: Number(new URL(server.url).port),
    settings: {
      identifier: HANDLE,
      appPassword: shelf.secret,
      service: server.url,
      plcDirectory: server.url,
      handleResolver: server.url,
      linkCards: false,
    },
    threads,
    thread: (key) => threads().find((thread) => thread.key === key),
    line: (name) => {
      const guest = person(name)
      const convo = [...world.chats.convos.values()].find(({ members }) => members.includes(guest.did))
      return (convo?.messages ?? []).map(({ id, sender, text, sentAt }) => ({
        id,
        ...authorOf(sender),
        text,
        warning: null,
        at: new Date(sentAt),
        likes: 0,
        boosts: 0,
      }))
    },
    post({ key, name, text }) {
      const { words, facets } = ask(text)
      const all = key === null ? [] : posts().filter((post) => keyOf(rootOf(post)) === key)
      const above = all.findLast(({ uri }) => uri.includes(us.did)) ?? all[0]
      const post = above
        ? world.reply(person(name), above, words, { facets })
        : world.post(person(name), words, { facets })
      return keyOf(rootOf(post))
    },
    whisper(name, text) {
      const guest = person(name)
      world.chats.say(guest.did, world.chats.between(guest.did, us.did), text)
    },
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
