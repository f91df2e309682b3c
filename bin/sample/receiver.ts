// The other end of the generic channel in the demo: what a customer's own system would be. Takes signed answers on loopback.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ProgramParts } from '../program/program.ts'
import { places, type Place, type PlaceKey } from './cast.ts'

export interface Answer {
  readonly id: string
  readonly thread: string
  readonly author: string
  readonly text: string
  /** The platform's id of what it answers. */
  readonly inReplyTo: string | null
}

export interface Receiver {
  readonly port: number
  readonly url: string
  /** From now on answers are believed and handed on: those signed with the secret of one of the workspace's connections. */
  onAnswer(parts: ProgramParts, workspaceId: string, listener: (place: PlaceKey, answer: Answer) => void): void
  close(): Promise<void>
}

const MOST_BYTES = 8 * 1024 * 1024

interface Wire {
  readonly type: string
  readonly messageId?: string
  readonly thread?: { readonly key: string }
  readonly author?: { readonly name: string }
  readonly text?: string
  readonly inReplyTo?: string | null
}

export async function openReceiver(): Promise<Receiver> {
  type Hear = (headers: Record<string, string>, body: Buffer) => Promise<string | null>
  let hear: Hear = async () => null
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MOST_BYTES) chunks.push(chunk)
    })
    request.on('end', () => {
      const reply = (status: number, said: object): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
      if (request.method !== 'POST' || size > MOST_BYTES) return reply(405, { reason: 'Answers are posted here.' })
      hear(request.headers as Record<string, string>, Buffer.concat(chunks)).then(
        (externalId) =>
          externalId === null ? reply(401, { reason: 'No signature fits.' }) : reply(200, { externalId }),
        () => reply(500, { reason: 'The demo stumbled.' }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/answers`,
    onAnswer(parts, workspaceId, listener) {
      hear = async (headers, body) => {
        const place = await whoseIs(parts, workspaceId, headers, body)
        if (place === null) return null
        const said = JSON.parse(body.toString('utf8')) as Wire
        const id = headers['webhook-id'] ?? ''
        if (said.type === 'answer')
          listener(place, {
            id,
            thread: said.thread?.key ?? '',
            author: said.author?.name ?? '',
            text: said.text ?? '',
            inReplyTo: said.inReplyTo ?? null,
          })
        return id
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Whose secret fits, checked as the channel itself checks what comes in. */
async function whoseIs(
  { db, known, clock }: ProgramParts,
  workspaceId: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<PlaceKey | null> {
  const rows = await db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('connections')
      .select(['id', 'name'])
      .where('isSample', '=', true)
      .where('state', '<>', 'removed')
      .execute(),
  )
  for (const { id, name } of rows) {
    const connection = await known.byId(workspaceId, id)
    const place = (Object.entries(places) as [PlaceKey, Place][]).find(([, one]) => one.name === name)?.[0]
    const secret = connection?.credentials['callbackSecret']
    if (!place || !connection?.connector.verify || !secret) continue
    const delivery = { headers, body, receivedAt: clock.now() }
    if (connection.connector.verify(delivery, { signingSecret: secret }, connection.settings).ok) return place
  }
  return null
}
