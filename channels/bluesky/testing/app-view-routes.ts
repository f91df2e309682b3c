// What an AppView tells: notifications, threads, posts, profiles, and whom somebody mutes.
import { readAtUri } from '../uri.ts'
import type { Route } from './route.ts'
import { postView, profileBasic, profileDetailed, threadgateOf, threadView } from './views.ts'
import { XrpcError } from './xrpc-error.ts'

export const appViewRoutes: Readonly<Record<string, Route>> = {
  'app.bsky.notification.listNotifications': ({ world, params, me }) => {
    const did = me()
    const sortOf = ({ indexedAt, cid }: { indexedAt: string; cid: string }): string => `${indexedAt}::${cid}`
    const all = world.noticed
      .filter(
        ({ to, by }) => to === did && world.people.get(by)?.state === 'active' && !world.mutes.has(`${did} ${by}`),
      )
      .filter(({ by }) => !world.isBlocked(by, did))
      .sort((a, b) => (sortOf(a) < sortOf(b) ? 1 : -1))
    const cursor = params['cursor']
    const rest = cursor === undefined ? all : all.filter((one) => sortOf(one) < String(cursor))
    const page = rest.slice(0, Number(params['limit'] ?? 50))
    const last = page.at(-1)
    return {
      notifications: page.map(({ uri, cid, by, reason, reasonSubject, indexedAt }) => ({
        uri,
        cid,
        author: profileBasic(world, by, did),
        reason,
        ...(reasonSubject && { reasonSubject }),
        record: world.records.get(uri)!.value,
        isRead: false,
        indexedAt,
        labels: [],
      })),
      ...(last && { cursor: sortOf(last) }),
    }
  },
  'app.bsky.feed.getPostThread': ({ world, params, caller }) => {
    const uri = String(params['uri'])
    const viewer = caller?.did ?? ''
    const thread = threadView(world, uri, viewer, Number(params['depth'] ?? 6), Number(params['parentHeight'] ?? 80))
    if (thread['notFound'] === true) throw new XrpcError(400, 'NotFound', `Post not found: ${uri}`)
    const stored = world.records.get(uri)!
    const gate = threadgateOf(world, stored)
    return { thread, ...(gate && { threadgate: { uri: gate.uri, cid: gate.cid, record: gate.value, lists: [] } }) }
  },
  'app.bsky.feed.getPosts': ({ world, params, caller }) => {
    const viewer = caller?.did ?? ''
    const posts = (params['uris'] as readonly string[]).flatMap((uri) => {
      const stored = world.records.get(uri)
      const did = readAtUri(uri)?.did ?? ''
      const hidden = world.people.get(did)?.state !== 'active' || (viewer !== '' && world.isBlocked(did, viewer))
      return stored && !hidden ? [postView(world, stored, viewer)] : []
    })
    return { posts }
  },
  'app.bsky.actor.getProfile': ({ world, params, caller }) => {
    const person = world.find(String(params['actor']))
    if (!person || person.state === 'deleted') throw new XrpcError(400, 'InvalidRequest', 'Profile not found')
    if (person.state === 'takendown') throw new XrpcError(400, 'AccountTakedown', 'Account has been suspended')
    if (person.state === 'deactivated') throw new XrpcError(400, 'AccountDeactivated', 'Account is deactivated')
    return profileDetailed(world, person, caller?.did ?? '')
  },
  'app.bsky.actor.getProfiles': ({ world, params, caller }) => ({
    profiles: (params['actors'] as readonly string[]).flatMap((actor) => {
      const person = world.find(actor)
      return person?.state === 'active' ? [profileDetailed(world, person, caller?.did ?? '')] : []
    }),
  }),
  'app.bsky.graph.muteActor': ({ world, input, me }) => void world.mutes.add(`${me()} ${String(input['actor'])}`),
  'app.bsky.graph.unmuteActor': ({ world, input, me }) => void world.mutes.delete(`${me()} ${String(input['actor'])}`),
}
