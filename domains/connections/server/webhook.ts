// The entrance for deliveries: the signature is proven over the bytes as they came, the whole is stored, and only then is
// thanks given. Nothing is parsed here. Nobody is refused for coming often: a platform in a hurry must not lose a message.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RawDelivery, Verification } from '#channels/connector'
import type { Clock } from '#platform/clock'
import { notFound, Problem } from '#platform/contract/problem'
import type { AcceptDelivery } from './accept.ts'
import type { KnownConnection, KnownConnections } from './known.ts'
import { openRepeats } from './repeats.ts'
import type { RefusalReason, Refusals } from './refusals.ts'

export const MOST_DELIVERY_BYTES = 10 * 1024 * 1024

/** What metrics may want to count; labels are channels and reasons, never connections. */
export interface WebhookMetrics {
  accepted(channel: string, bytes: number): void
  refused(channel: string, reason: RefusalReason): void
}

export interface WebhookDeps {
  readonly known: KnownConnections
  readonly accept: AcceptDelivery
  readonly refusals: Pick<Refusals, 'note'>
  readonly clock: Clock
  readonly metrics?: WebhookMetrics
}

/** Kept beside the body. Signatures, cookies and whatever authorises stay out: they have done their work. */
const KEPT_HEADERS = ['content-type', 'webhook-id', 'webhook-timestamp', 'user-agent']
const MOST_HEADER = 512
const KEY = /^[\w-]{16,64}$/

const PROBLEMS: Readonly<Record<RefusalReason, string>> = {
  bad_signature: 'The signature does not belong to this delivery. Compare the secret on both sides.',
  stale: 'The delivery is too old or too new to be believed. Check the clock of the sender.',
  malformed: 'The delivery lacks what proves who sent it.',
}

/** `POST /in/:key` stores a delivery; `GET /in/:key` answers handshakes. To be registered at the root, without prefix. */
export const webhookPlugin =
  (deps: WebhookDeps) =>
  async (root: FastifyInstance): Promise<void> => {
    const repeats = openRepeats()
    await root.register(async (app) => {
      const found = new WeakMap<FastifyRequest, KnownConnection>()
      const types = new WeakMap<FastifyRequest, string>()

      // Before the body is read: nobody sends ten megabytes to an address that is none.
      app.addHook('onRequest', async (request) => {
        found.set(request, await connectionOf(deps.known, request))
        // The server would refuse a content type that it can't read; a signed delivery is stored whatever it calls itself.
        const type = request.headers['content-type']
        if (type === undefined) return
        types.set(request, type)
        request.headers['content-type'] = 'application/octet-stream'
      })
      app.removeAllContentTypeParsers()
      app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_DELIVERY_BYTES }, (_request, body, done) =>
        done(null, body),
      )

      const deliveryOf = (request: FastifyRequest, pseudo: Readonly<Record<string, string>> = {}): RawDelivery => {
        const type = types.get(request)
        return {
          headers: { ...textHeaders(request), ...(type !== undefined && { 'content-type': type }), ...pseudo },
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          receivedAt: deps.clock.now(),
        }
      }
      const verify = (connection: KnownConnection, delivery: RawDelivery): Extract<Verification, { ok: true }> => {
        const { connector, channel, credentials, settings } = connection
        const verification = connector.verify!(delivery, credentials, settings)
        if (verification.ok) return verification
        deps.refusals.note(connection, verification.reason, delivery.receivedAt)
        deps.metrics?.refused(channel, verification.reason)
        throw new Problem(401, 'connections.bad_signature', PROBLEMS[verification.reason], {
          details: { reason: verification.reason },
        })
      }

      app.post('/in/:key', { bodyLimit: MOST_DELIVERY_BYTES }, async (request, reply) => {
        const connection = found.get(request)!
        const delivery = deliveryOf(request)
        const { answer, once } = verify(connection, delivery)
        const { body, receivedAt } = delivery
        const store = () =>
          deps.accept({
            workspaceId: connection.workspaceId,
            connectionId: connection.id,
            headers: keptHeaders(delivery.headers),
            body,
            receivedAt,
          })
        if (once === undefined) await store()
        else await repeats.once(connection.id, once, body, receivedAt, store)
        deps.metrics?.accepted(connection.channel, body.length)
        return reply
          .code(200)
          .type('text/plain; charset=utf-8')
          .send(answer ?? '')
      })

      // Some platforms ask by GET whether the address is ours before they use it. There is nothing to store in that; the
      // connector finds the method and the query under names that no real header can have.
      app.get('/in/:key', { exposeHeadRoute: false }, async (request, reply) => {
        const query = request.url.split('?', 2)[1] ?? ''
        const { answer } = verify(found.get(request)!, deliveryOf(request, { ':method': 'GET', ':query': query }))
        if (answer === undefined) throw new Problem(405, 'connections.post_only', 'Deliveries are sent here by POST.')
        return reply.code(200).type('text/plain; charset=utf-8').send(answer)
      })
    })
  }

/** The same words for what never was, for what was removed, and for a channel that takes no deliveries by webhook. */
async function connectionOf(known: KnownConnections, request: FastifyRequest): Promise<KnownConnection> {
  const { key = '' } = request.params as { readonly key?: string }
  const connection = KEY.test(key) ? await known.byKey(key) : null
  if (!connection?.connector.verify) throw notFound('connection')
  return connection
}

function textHeaders(request: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) =>
      headers[name] === undefined ? [] : [[name, headers[name].slice(0, MOST_HEADER)] as const],
    ),
  )
}
