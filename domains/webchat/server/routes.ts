// The routes of /widget/v1: who is it, guard, call, answer.
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { programActor, type Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { implement, type RequestContext } from '#platform/contract/implement'
import { notFound, Problem } from '#platform/contract/problem'
import type { Database } from '#platform/db/database'
import type { StoredEvent } from '#platform/events/read'
import { createLimiter } from '#platform/http/limiter'
import type { AcceptDelivery, KnownConnection } from '#connections/server'
import { webchatRoutes, widgetLocales, type Visit, type WidgetHours } from '../contract.ts'
import { carrierOf, planCarrying } from './carrying-on.ts'
import { accentsOf } from './colour.ts'
import { acceptIdentity, acceptLeft, acceptMessage, acceptReceipt } from './deliveries.ts'
import { chatOf, guardOrigins } from './origins.ts'
import { openStream } from './stream.ts'
import { openStreams, type AgentTyping, type Stream } from './streams.ts'
import { confirmable, findFile, listMessages, readLine, writeTranscript } from './thread.ts'
import {
  fileHeaders,
  keepUpload,
  refuseTooManyUploads,
  rememberUpload,
  takeUploads,
  type OpenFile,
  type StoreUpload,
} from './uploads.ts'
import { saveContact, startLine } from './visitors.ts'
import { endVisit, loadVisit, startVisit, tokenHashOf, visitCaps, type VisitCaps, type Visiting } from './visits.ts'

export interface WebchatDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly accept: AcceptDelivery
  readonly connectionByKey: (publicKey: string) => Promise<KnownConnection | null>
  readonly connectionById: (workspaceId: string, id: string) => Promise<KnownConnection | null>
  /** The hours of a connection, or of the workspace where it has none; null where nobody set any. */
  readonly hoursOf: (
    workspaceId: string,
    serviceHoursId: string | null,
  ) => Promise<{ openNow: boolean; nextOpening: Date | null } | null>
  readonly subscribe: (listener: (event: StoredEvent) => void) => () => void
  readonly storeUpload: StoreUpload
  readonly openFile: OpenFile
  /** Shows the desk that a visitor types. */
  readonly showTyping: (typing: AgentTyping) => void
  /** Hears that somebody at the desk types. */
  readonly onTyping: (listener: (typing: AgentTyping) => void) => () => void
  readonly caps?: Partial<VisitCaps & { readonly messagesPerMinute: number; readonly streamsPerAddress: number }>
}

const HEARTBEAT_MS = 20_000
const HOURS_MS = 60_000

/** The routes of visitors; register under the prefix /widget/v1. */
export const webchatPlugin =
  (deps: WebchatDeps) =>
  async (app: FastifyInstance): Promise<void> => {
    const { db, clock, accept } = deps
    const caps = { ...visitCaps, messagesPerMinute: 30, streamsPerAddress: 60, ...deps.caps }
    const limiter = createLimiter(clock)
    const streams = openStreams(deps)
    const open = new Map<Stream, { readonly chat: KnownConnection; readonly heartbeat: () => void; hours: string }>()
    const streamsOfAddress = new Map<string, number>()
    guardOrigins(app, deps.connectionByKey)

    const hoursOf = async (chat: KnownConnection): Promise<WidgetHours> => {
      const hours =
        chat.settings['showHours'] === false ? null : await deps.hoursOf(chat.workspaceId, chat.serviceHoursId)
      return { open: hours?.openNow ?? null, opensAt: hours?.nextOpening?.toISOString() ?? null }
    }
    const tellHours = async (stream: Stream): Promise<void> => {
      const entry = open.get(stream)
      if (!entry) return
      const hours = await hoursOf(entry.chat)
      if (entry.hours === JSON.stringify(hours)) return
      entry.hours = JSON.stringify(hours)
      stream.send('hours', hours)
    }
    const heartbeats = setInterval(() => open.forEach(({ heartbeat }) => heartbeat()), HEARTBEAT_MS)
    const hourHand = setInterval(() => {
      for (const stream of open.keys())
        tellHours(stream).catch((error: unknown) => deps.log.warn({ err: error }, 'telling the hours failed'))
    }, HOURS_MS)
    app.addHook('preClose', async () => {
      clearInterval(heartbeats)
      clearInterval(hourHand)
      streams.close()
    })

    /** Who calls, by the token: the row is read afresh, and a token of another chat opens nothing here. */
    const enter = async ({
      actor,
      request,
    }: RequestContext): Promise<{ chat: KnownConnection; visiting: Visiting; actor: Actor }> => {
      const chat = chatOf(request)
      const tokenHash = tokenHashOf(request)
      const visiting = tokenHash === null ? null : await db.read(actor, (tx) => loadVisit(tx, actor, tokenHash))
      if (visiting?.connectionId !== chat.id || visiting.visitor.id !== actor.id) {
        throw new Problem(401, 'unauthenticated', 'This visit is over. Begin a new one.')
      }
      return { chat, visiting, actor }
    }
    const describe = async ({ visitor }: Visiting): Promise<Visit> => ({
      visitorId: visitor.id,
      verified: visitor.verifiedUserId !== null,
      name: visitor.name,
      email: visitor.email,
      line: (await db.read(visitor, (tx) => readLine(tx, visitor))).line,
    })
    const requireOpen = (chat: KnownConnection): void => {
      if (chat.state !== 'active')
        throw new Problem(422, 'webchat.paused', 'This chat is closed just now. What was written stays here.')
    }

    const routes = implement(webchatRoutes)({
      getWidgetConfig: async (_input, { request }) => {
        const chat = chatOf(request)
        const { greeting, colour, position, prechat, hideMark } = chat.settings
        return {
          name: chat.name,
          greeting: typeof greeting === 'string' && greeting.trim() !== '' ? greeting : null,
          accents: accentsOf(colour),
          position: position === 'start' ? 'start' : 'end',
          prechat: prechat === 'optional' || prechat === 'required' ? prechat : 'none',
          hours: await hoursOf(chat),
          hideMark: hideMark === true,
          carriesOn: (await carrierOf({ byId: deps.connectionById }, chat)) !== null,
          paused: chat.state !== 'active',
          locales: [...widgetLocales],
        }
      },
      startVisit: async ({ body }, { request }) => {
        const chat = chatOf(request)
        requireOpen(chat)
        const actor = programActor(chat.workspaceId, clock.now())
        const { token, visiting } = await db.write(actor, (tx) =>
          startVisit(tx, actor, chat, { ...body, address: request.ip }, caps),
        )
        const visit = await describe(visiting)
        // A line that an unknown browser had begun is now a known person's.
        if (visit.verified && visit.line.state !== 'none')
          await acceptIdentity(accept, chat, visiting.visitor, actor.at)
        return { token, visit }
      },
      resumeVisit: async (_input, context) => describe((await enter(context)).visiting),
      endVisit: async (_input, context) => {
        const { chat, visiting, actor } = await enter(context)
        await db.write(actor, (tx) => endVisit(tx, actor, visiting.visitId))
        streams.drop({ visitId: visiting.visitId })
        const { line } = await describe(visiting)
        if (line.state === 'open') await acceptLeft(accept, chat, visiting.visitor, actor.at)
      },
      saveContact: async ({ body }, context) => {
        const { chat, visiting, actor } = await enter(context)
        const visitor = await db.write(actor, async (tx) => {
          const saved = await saveContact(tx, actor, visiting.visitor, body)
          const { conversationId } = await readLine(tx, saved)
          // Answers that came before the address did.
          if (body.email && conversationId) await planCarrying(tx, actor, chat.settings, conversationId)
          return saved
        })
        const visit = await describe({ ...visiting, visitor })
        if (visit.line.state !== 'none') await acceptIdentity(accept, chat, visitor, actor.at)
        return visit
      },
      startLine: async (_input, context) => {
        const { chat, visiting, actor } = await enter(context)
        requireOpen(chat)
        const visitor = await db.write(actor, async (tx) => {
          const { line } = await readLine(tx, visiting.visitor)
          if (line.state !== 'resolved')
            throw new Problem(409, 'webchat.still_open', 'Your conversation is still open; just write on.')
          return startLine(tx, actor, visiting.visitor)
        })
        streams.drop({ visitorId: visitor.id })
        return describe({ ...visiting, visitor })
      },
      listVisitMessages: async ({ query: { after, limit } }, context) => {
        const { visiting, actor } = await enter(context)
        return db.read(actor, async (tx) => {
          const { conversationId } = await readLine(tx, visiting.visitor)
          return listMessages(tx, actor.workspaceId, conversationId, {
            ...(after !== undefined && { after }),
            ...(limit !== undefined && { limit }),
          })
        })
      },
      postMessage: async ({ body }, context) => {
        const { chat, visiting, actor } = await enter(context)
        requireOpen(chat)
        const ids = body.attachmentIds ?? []
        if (body.text.trim() === '' && ids.length === 0)
          throw new Problem(422, 'webchat.empty_message', 'There is nothing in this message.')
        const wait = limiter.take(visiting.visitor.id, caps.messagesPerMinute)
        if (wait > 0)
          throw new Problem(429, 'webchat.too_many_messages', `That was very fast. Go on in ${wait} seconds.`, {
            details: { seconds: wait },
          })
        const files = await db.read(actor, (tx) => takeUploads(tx, actor, visiting.visitor, ids))
        await acceptMessage(accept, chat, visiting.visitor, { ...body, files }, actor.at)
        return { clientId: body.clientId, acceptedAt: actor.at.toISOString() }
      },
      confirmMessages: async ({ body: { messageIds, state } }, context) => {
        const { chat, visiting, actor } = await enter(context)
        const ids = await db.read(actor, async (tx) => {
          const { conversationId } = await readLine(tx, visiting.visitor)
          return confirmable(tx, actor.workspaceId, conversationId, messageIds, state)
        })
        if (ids.length > 0) await acceptReceipt(accept, chat, ids, state, actor.at)
      },
      uploadFile: async (_input, context) => {
        const { chat, visiting, actor } = await enter(context)
        requireOpen(chat)
        await db.read(actor, (tx) => refuseTooManyUploads(tx, actor, visiting.visitor))
        const stored = await keepUpload(deps.storeUpload, await context.upload())
        return db.write(actor, (tx) => rememberUpload(tx, actor, visiting.visitor, stored))
      },
      readFile: async ({ params }, context) => {
        const { visiting, actor } = await enter(context)
        const file = await db.read(actor, async (tx) => {
          const { conversationId } = await readLine(tx, visiting.visitor)
          return findFile(tx, actor.workspaceId, conversationId, params.id)
        })
        const bytes = file?.sha256 ? await deps.openFile(file.sha256) : null
        if (!file || !bytes) throw notFound('file')
        return context.reply.headers(fileHeaders(file)).send(bytes)
      },
      visitStream: async ({ query: { after } }, context) => {
        const { chat, visiting } = await enter(context)
        const { request, reply } = context
        const count = streamsOfAddress.get(request.ip) ?? 0
        if (count >= caps.streamsPerAddress)
          throw new Problem(429, 'webchat.too_many_streams', 'Too many open chats come from this network.')
        streamsOfAddress.set(request.ip, count + 1)
        await openStream(request, reply, {
          db,
          streams,
          visiting,
          after,
          onOpen: (stream) => {
            open.set(stream, { chat, heartbeat: stream.heartbeat, hours: '' })
            tellHours(stream).catch((error: unknown) => deps.log.warn({ err: error }, 'telling the hours failed'))
          },
          onClose: (stream) => {
            open.delete(stream)
            const left = (streamsOfAddress.get(request.ip) ?? 1) - 1
            if (left > 0) streamsOfAddress.set(request.ip, left)
            else streamsOfAddress.delete(request.ip)
          },
        })
      },
      setTyping: async ({ body: { typing } }, context) => {
        const { visiting, actor } = await enter(context)
        const { conversationId } = await db.read(actor, (tx) => readLine(tx, visiting.visitor))
        if (conversationId !== null) deps.showTyping({ workspaceId: actor.workspaceId, conversationId, typing })
      },
      getTranscript: async ({ query: { timeZone = 'UTC' } }, context) => {
        const { chat, visiting, actor } = await enter(context)
        const text = await db.read(actor, (tx) =>
          writeTranscript(tx, visiting.visitor, { deskName: chat.name, timeZone }),
        )
        return context.reply
          .headers({
            'content-type': 'text/plain; charset=utf-8',
            'content-disposition': 'attachment; filename="conversation.txt"',
          })
          .send(text)
      },
    })
    await app.register(routes)
  }
