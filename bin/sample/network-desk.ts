// The pages of the demo's open networks, under /demo/mastodon and /demo/bluesky.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '#platform/contract/problem'
import {
  networkLinePage,
  networkPage,
  networkPosts,
  networkThreadPage,
  type NetworkPlace,
} from '../../portal/demo/network-page.ts'
import type { DemoNetwork } from './demo-network.ts'
import { guestOf, keepGuest } from './guest.ts'

/** To be registered inside the demo's own plugin. */
export function networkPages(app: FastifyInstance, network: DemoNetwork, name: string): void {
  const place: NetworkPlace = { path: network.channel, name, handle: network.handle }
  const at = `/${place.path}`
  const show = (reply: FastifyReply, page: string, status = 200) =>
    reply.code(status).type('text/html; charset=utf-8').send(page)
  const threadOf = (request: FastifyRequest) => {
    const thread = network.thread((request.params as { key: string }).key)
    if (!thread) throw new Problem(404, 'not_found', 'There is no such post.')
    return thread
  }

  app.get(at, (request, reply) => show(reply, networkPage(place, network.threads(), guestOf(request))))
  app.post(at, (request, reply) => {
    const said = readWords(request.body)
    if ('wrong' in said) return show(reply, networkPage(place, network.threads(), guestOf(request), said.wrong), 422)
    const key = network.post({ key: null, ...said })
    return keepGuest(reply, said.name).redirect(`/demo${at}/${key}`, 303)
  })
  app.get(`${at}/private`, (request, reply) => {
    const guest = guestOf(request)
    return show(reply, networkLinePage(place, network.line(guest), guest))
  })
  app.get(`${at}/private/posts`, (request, reply) =>
    show(reply, networkPosts(network.line(guestOf(request))).toString()),
  )
  app.post(`${at}/private`, (request, reply) => {
    const said = readWords(request.body)
    const guest = guestOf(request)
    if ('wrong' in said) return show(reply, networkLinePage(place, network.line(guest), guest, said.wrong), 422)
    network.whisper(said.name, said.text)
    return keepGuest(reply, said.name).redirect(`/demo${at}/private`, 303)
  })
  app.get(`${at}/:key`, (request, reply) => show(reply, networkThreadPage(place, threadOf(request), guestOf(request))))
  app.get(`${at}/:key/posts`, (request, reply) => show(reply, networkPosts(threadOf(request).posts).toString()))
  app.post(`${at}/:key`, (request, reply) => {
    const thread = threadOf(request)
    const said = readWords(request.body)
    if ('wrong' in said) return show(reply, networkThreadPage(place, thread, guestOf(request), said.wrong), 422)
    network.post({ key: thread.key, ...said })
    return keepGuest(reply, said.name).redirect(`/demo${at}/${thread.key}`, 303)
  })
}

type Said = { readonly name: string; readonly text: string } | { readonly wrong: string }

function readWords(body: unknown): Said {
  const given = (body ?? {}) as Record<string, unknown>
  const field = (name: string, most: number): string =>
    typeof given[name] === 'string' ? given[name].toWellFormed().replaceAll('\u0000', '').trim().slice(0, most) : ''
  const [name, text] = [field('name', 30), field('text', 250)]
  if (name === '') return { wrong: 'Please give a name; any will do.' }
  return text === '' ? { wrong: 'Please write something first.' } : { name, text }
}
