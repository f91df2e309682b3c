// What the local server answers, address by address, as the documentation of the API has it.
import type { Access, Account } from './access.ts'
import { checkLength } from './length.ts'
import type { LocalAnswer, LocalRequest, MastodonServerOptions } from './server.ts'
import type { Entity, LocalStatus } from './state.ts'
import type { World } from './world.ts'

export interface Route {
  readonly method: string
  readonly path: RegExp
  /** Null: for everybody. */
  readonly scope: string | null
  readonly answer: (request: LocalRequest, match: RegExpExecArray, account: Account | null) => LocalAnswer
}

interface Parts {
  readonly world: World
  readonly access: Access
  readonly options: MastodonServerOptions
}

const missing: LocalAnswer = { status: 404, body: { error: 'Record not found' } }
const invalid = (error: string): LocalAnswer => ({ status: 422, body: { error: `Validation failed: ${error}` } })
const fine = (body: unknown, headers: Readonly<Record<string, string>> = {}): LocalAnswer => ({
  status: 200,
  body,
  headers,
})

export function routes(parts: Parts): readonly Route[] {
  const { access, options } = parts
  const open = (method: string, path: RegExp, answer: Route['answer']): Route => ({ method, path, scope: null, answer })
  return [
    open('GET', /^\/\.well-known\/oauth-authorization-server$/, access.metadata),
    open('POST', /^\/api\/v1\/apps$/, access.register),
    open('GET', /^\/oauth\/authorize$/, access.authorize),
    open('POST', /^\/oauth\/token$/, access.token),
    open('POST', /^\/oauth\/revoke$/, access.revoke),
    open('GET', /^\/api\/v2\/instance$/, () => (options.old ? missing : fine(instanceOf(parts)))),
    open('GET', /^\/api\/v1\/instance$/, () => fine({ ...instanceOf(parts), uri: parts.world.domain })),
    ...accountRoutes(parts),
    ...readingRoutes(parts),
    ...writingRoutes(parts),
    ...mediaRoutes(parts),
  ]
}

function instanceOf({ world, options }: Parts): Entity {
  return {
    domain: world.domain,
    title: 'Local',
    version: options.old ? '4.2.8' : '4.5.1',
    configuration: {
      urls: { streaming: world.origin.replace(/^http/, 'ws') },
      statuses: {
        max_characters: options.maxCharacters ?? 500,
        max_media_attachments: 4,
        characters_reserved_per_url: 23,
      },
      media_attachments: {
        supported_mime_types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'video/mp4', 'audio/mpeg'],
        description_limit: 1500,
        image_size_limit: 16_777_216,
        video_size_limit: 103_809_024,
      },
    },
  }
}

function accountRoutes({ world }: Parts): readonly Route[] {
  const find = (id: string) => world.accounts.get(id)
  const act = (name: string, scope: string): Route => ({
    method: 'POST',
    path: new RegExp(`^/api/v1/accounts/([^/]+)/${name}$`),
    scope,
    answer: (_request, [, id = '']) => {
      if (!find(id)) return missing
      world.acts.push({ act: name, account: id })
      return fine({ id, blocking: name === 'block', muting: name === 'mute' })
    },
  })
  return [
    {
      method: 'GET',
      path: /^\/api\/v1\/accounts\/verify_credentials$/,
      scope: 'read:accounts',
      answer: () => fine({ ...world.accountOf(world.me), source: { privacy: 'public' } }),
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/apps\/verify_credentials$/,
      scope: 'read:accounts',
      answer: (_request, _match, account) => fine({ name: account!.application, website: null }),
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/accounts\/([^/]+)\/statuses$/,
      scope: 'read:statuses',
      answer: ({ query, path }, [, id = '']) => {
        const all = [...world.statuses.values()].filter((one) => one.by === id && world.visible(one))
        return page(
          world,
          path,
          query,
          all,
          (one) => one.id,
          (one) => world.statusOf(one),
          [20, 40],
        )
      },
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/accounts\/([^/]+)$/,
      scope: 'read:accounts',
      answer: (_request, [, id = '']) => {
        const found = find(id)
        if (!found) return missing
        return found.gone ? { status: 410, body: { error: 'Gone' } } : fine(world.accountOf(found))
      },
    },
    act('block', 'write:blocks'),
    act('unblock', 'write:blocks'),
    act('mute', 'write:mutes'),
    act('unmute', 'write:mutes'),
    {
      method: 'POST',
      path: /^\/api\/v1\/reports$/,
      scope: 'write:reports',
      answer: ({ form }) => {
        if (!find(form.get('account_id') ?? '')) return missing
        const comment = form.get('comment') ?? ''
        if (comment.length > 1000) return invalid('Comment is too long (maximum is 1000 characters)')
        const made = {
          act: 'report',
          account: form.get('account_id'),
          statuses: form.getAll('status_ids[]'),
          comment,
          forward: form.get('forward'),
        }
        world.acts.push(made)
        return fine({ id: String(world.acts.length), ...made })
      },
    },
  ]
}

function readingRoutes({ world, options }: Parts): readonly Route[] {
  const seen = (id: string): LocalStatus | undefined => {
    const found = world.statuses.get(id)
    return found && world.visible(found) ? found : undefined
  }
  return [
    {
      method: 'GET',
      path: /^\/api\/v1\/notifications$/,
      scope: 'read:notifications',
      answer: ({ query, path }) =>
        page(world, path, query, world.notifications, (one) => String(one['id']), world.notificationOf, [40, 80]),
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/conversations$/,
      scope: 'read:statuses',
      answer: ({ query, path }) => {
        const idOf = (one: Entity) => String((one['last_status'] as Entity)['id'])
        return page(world, path, query, world.conversations().toReversed(), idOf, (one) => one, [20, 40])
      },
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/statuses$/,
      scope: 'read:statuses',
      answer: ({ query }) => {
        if (options.old) return missing
        const ids = query.getAll('id[]')
        if (ids.length > 20) return invalid('Too many ids')
        return fine(ids.flatMap((id) => (seen(id) ? [world.statusOf(seen(id)!)] : [])))
      },
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/statuses\/([^/]+)$/,
      scope: 'read:statuses',
      answer: (_request, [, id = '']) => (seen(id) ? fine(world.statusOf(seen(id)!)) : missing),
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/statuses\/([^/]+)\/context$/,
      scope: 'read:statuses',
      answer: (_request, [, id = '']) => (seen(id) ? fine(world.contextOf(id)) : missing),
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/statuses\/([^/]+)\/source$/,
      scope: 'read:statuses',
      answer: (_request, [, id = '']) => {
        const found = world.statuses.get(id)
        if (!found || found.by !== world.me.id) return missing
        return fine({ id, text: found.text, spoiler_text: found.warning })
      },
    },
  ]
}

/** Newest first; `min_id` gives what is next above it, `since_id` the newest above it. */
function page<T>(
  { origin }: World,
  path: string,
  query: URLSearchParams,
  all: readonly T[],
  idOf: (one: T) => string,
  tell: (one: T) => Entity,
  [usual, most]: readonly [number, number],
): LocalAnswer {
  const limit = Math.min(Number(query.get('limit') ?? usual), most)
  const bound = (name: string) => (query.has(name) ? BigInt(query.get(name)!) : null)
  const [min, max, since] = [bound('min_id'), bound('max_id'), bound('since_id')]
  const fitting = all
    .filter((one) => {
      const id = BigInt(idOf(one))
      return (min === null || id > min) && (max === null || id < max) && (since === null || id > since)
    })
    .toSorted((a, b) => (BigInt(idOf(a)) < BigInt(idOf(b)) ? 1 : -1))
  const shown = min === null ? fitting.slice(0, limit) : fitting.slice(-limit)
  const first = shown[0]
  const last = shown.at(-1)
  if (first === undefined || last === undefined) return fine([])
  const link = `<${origin}${path}?limit=${limit}&max_id=${idOf(last)}>; rel="next", <${origin}${path}?limit=${limit}&min_id=${idOf(first)}>; rel="prev"`
  return fine(shown.map(tell), { link })
}

function writingRoutes({ world, options }: Parts): readonly Route[] {
  const posted = new Map<string, { readonly id: string; readonly at: number }>()
  const media = mediaOf(world)
  return [
    {
      method: 'POST',
      path: /^\/api\/v1\/statuses$/,
      scope: 'write:statuses',
      answer: ({ form, headers }, _match, account) => {
        const key = headers['idempotency-key']
        const before = key === undefined ? undefined : posted.get(key)
        if (before && world.now().getTime() - before.at < 3_600_000 && world.statuses.has(before.id))
          return fine(world.statusOf(world.statuses.get(before.id)!))
        const text = form.get('status') ?? ''
        const warning = form.get('spoiler_text') ?? ''
        const parent = form.get('in_reply_to_id')
        const files = form.getAll('media_ids[]').map((id) => media.get(id))
        if (parent !== null && !world.statuses.has(parent))
          return { status: 404, body: { error: 'The post you are trying to reply to does not appear to exist.' } }
        if (text.trim() === '' && files.length === 0) return invalid('Text can’t be blank')
        if (files.some((one) => !one || one.left > 0))
          return invalid('Cannot attach files that have not finished processing')
        if (checkLength(text, warning) > (options.maxCharacters ?? 500))
          return invalid(`Text character limit of ${options.maxCharacters ?? 500} exceeded`)
        const made = world.post(world.me, text, {
          visibility: (form.get('visibility') ?? 'public') as 'public',
          warning,
          media: files.map((one) => one!.entity),
          application: account!.application,
          ...(parent !== null && { inReplyTo: parent }),
        })
        if (key !== undefined) posted.set(key, { id: made.id, at: world.now().getTime() })
        return fine(world.statusOf(made))
      },
    },
    {
      method: 'DELETE',
      path: /^\/api\/v1\/statuses\/([^/]+)$/,
      scope: 'write:statuses',
      answer: (_request, [, id = '']) => {
        const found = world.statuses.get(id)
        if (!found || found.by !== world.me.id) return missing
        const told = { ...world.statusOf(found), text: found.text }
        world.remove(id)
        return fine(told)
      },
    },
  ]
}

interface Media {
  readonly entity: Entity
  /** How often it is still asked for before it is ready. */
  left: number
}

const shelves = new WeakMap<World, Map<string, Media>>()

function mediaOf(world: World): Map<string, Media> {
  const found = shelves.get(world) ?? new Map<string, Media>()
  shelves.set(world, found)
  return found
}

function mediaRoutes({ world, options }: Parts): readonly Route[] {
  const media = mediaOf(world)
  return [
    {
      method: 'POST',
      path: /^\/api\/v2\/media$/,
      scope: 'write:media',
      answer: ({ body }) => {
        const text = body.toString('latin1')
        const type = /name="file"[^\r]*\r\nContent-Type: ([^\r]+)/.exec(text)?.[1] ?? ''
        const described = /name="description"\r\n\r\n([^]*?)\r\n--/.exec(body.toString('utf8'))?.[1] ?? null
        const kind = type.split('/')[0] ?? ''
        if (!['image', 'video', 'audio'].includes(kind)) return invalid('File content type is invalid')
        const id = String(22_348_641 + media.size)
        const url = `${world.origin}/files/${id}.${type.split('/')[1]}`
        const left = kind === 'image' ? 0 : (options.processing ?? 1)
        media.set(id, { entity: { id, type: kind, url, preview_url: url, description: described }, left })
        return { status: left > 0 ? 202 : 200, body: { ...media.get(id)!.entity, ...(left > 0 && { url: null }) } }
      },
    },
    {
      method: 'GET',
      path: /^\/api\/v1\/media\/([^/]+)$/,
      scope: 'write:media',
      answer: (_request, [, id = '']) => {
        const found = media.get(id)
        if (!found) return missing
        if (found.left > 0 && --found.left > 0) return { status: 206, body: { ...found.entity, url: null } }
        return fine(found.entity)
      },
    },
  ]
}
