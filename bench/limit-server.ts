// The limits that scenarios are measured beside: the least that any program would do for the same outcome, on the same
// machine, in a process of its own. LIMIT names the one to serve.
import { createServer, type ServerResponse } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { conversationRoutes } from '#inbox/contract'

const url = process.env['DATABASE_URL'] ?? ''
const pool = new pg.Pool({ connectionString: url, max: 20 })

/** One row durably stored for each request, by one plain insert. */
async function insert(): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, bodyLimit: 10 * 1024 * 1024 })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/in/:key', async (request, reply) => {
    await pool.query(
      `insert into limit_deliveries (workspace_id, id, connection_id, lane, received_at, headers, body)
       values ($1, gen_random_uuid(), $1, 0, $2, $3, $4)`,
      ['00000000-0000-0000-0000-000000000001', new Date(), '{"content-type":"application/json"}', request.body],
    )
    return reply.code(200).send('')
  })
  return app
}

/** The given rows of the list by primary key, through the same serialiser. */
async function rows(): Promise<FastifyInstance> {
  const app = Fastify({ logger: false })
  app.post(
    '/rows',
    { schema: { response: { 200: conversationRoutes.listConversations.reply } } },
    async (request): Promise<unknown> => {
      const { workspaceId, ids } = request.body as { workspaceId: string; ids: string[] }
      const { rows } = await pool.query(
        `select id, connection_id as "connectionId", channel, customer_id as "customerId", customer_name as "customerName", subject,
           visibility, state, snoozed_until as "snoozedUntil", assignee_id as "assigneeId", team_id as "teamId",
           label_ids as "labelIds", preview, preview_kind as "previewKind", message_count as "messageCount",
           failed_count as "failedCount", last_activity_at as "lastActivityAt", waiting_since as "waitingSince",
           priority_at as "priorityAt", priority_reasons as "priorityReasons", due_at as "dueAt",
           promise_state as "promiseState", false as unread, last_inbound_seq::int as "lastInboundSeq", version, null as "customerPicture", group_id as "groupId",
           json_build_object('language', language, 'sentiment', sentiment, 'intent', intent, 'topic', topic, 'severity', severity,
             'needsPerson', needs_person, 'toxic', toxic) as understood
         from conversations where workspace_id = $1 and id = any ($2)`,
        [workspaceId, ids],
      )
      return { items: rows, next: null }
    },
  )
  return app
}

/** Writes a frame to every stream of a group, or to all of them, and knows nothing else. */
function frames(): Promise<string> {
  const groups = new Map<string, Set<ServerResponse>>()
  const server = createServer((request, response) => {
    const [, kind, group = ''] = (request.url ?? '').split('/')
    if (kind === 'stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
      response.write('retry: 1000\n: hello\n\n')
      groups.set(group, (groups.get(group) ?? new Set()).add(response))
      request.on('close', () => groups.get(group)?.delete(response))
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const frame = Buffer.concat(chunks).toString()
      const to = group === 'all' ? [...groups.values()] : [groups.get(group) ?? new Set<ServerResponse>()]
      for (const streams of to) for (const stream of streams) stream.write(frame)
      response.end()
    })
  })
  return new Promise((listening) =>
    server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () =>
      listening(`http://127.0.0.1:${(server.address() as { port: number }).port}`),
    ),
  )
}

const kind = process.env['LIMIT']
const address =
  kind === 'frames'
    ? await frames()
    : await (await (kind === 'rows' ? rows() : insert())).listen({ port: 0, host: '127.0.0.1' })
process.send?.({ url: address })
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
