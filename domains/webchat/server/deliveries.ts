// What visitors do goes the way of every channel: written down whole, stored before anybody says thank you, understood later.
// These are the bodies that channels/webchat reads.
import type { AcceptDelivery, KnownConnection } from '#connections/server'
import { externalIdOf } from './thread.ts'
import { withoutControls, type VisitorRow } from './visitors.ts'
import { pageOf } from './visits.ts'

export interface PostedFile {
  readonly name: string
  readonly sha256: string
  readonly size: number
  readonly mediaType: string
  readonly kind: string
  readonly width: number | null
  readonly height: number | null
}

export interface Posted {
  readonly clientId: string
  readonly text: string
  readonly pageUrl?: string
  readonly files: readonly PostedFile[]
}

export function acceptMessage(
  accept: AcceptDelivery,
  connection: KnownConnection,
  visitor: VisitorRow,
  { clientId, text, pageUrl, files }: Posted,
  at: Date,
): Promise<void> {
  const url = pageOf(pageUrl)
  return hand(accept, connection, at, {
    type: 'message',
    id: externalIdOf(visitor.id, clientId),
    thread: visitor.threadKey,
    person: personOf(visitor),
    text: withoutControls(text),
    ...(url !== null && { page: { url, open: true } }),
    ...(files.length > 0 && { files: files.map(fileOf) }),
  })
}

export function acceptReceipt(
  accept: AcceptDelivery,
  connection: KnownConnection,
  messageIds: readonly string[],
  state: 'delivered' | 'read',
  at: Date,
): Promise<void> {
  return hand(accept, connection, at, { type: 'receipt', messageIds, state })
}

export function acceptIdentity(
  accept: AcceptDelivery,
  connection: KnownConnection,
  visitor: VisitorRow,
  at: Date,
): Promise<void> {
  return hand(accept, connection, at, { type: 'identity', person: personOf(visitor) })
}

/** The visitor ended their visit: an answer can only wait for them now. */
export function acceptLeft(
  accept: AcceptDelivery,
  connection: KnownConnection,
  visitor: VisitorRow,
  at: Date,
): Promise<void> {
  return hand(accept, connection, at, { type: 'page', thread: visitor.threadKey, page: { open: false } })
}

function hand(accept: AcceptDelivery, connection: KnownConnection, receivedAt: Date, body: object): Promise<void> {
  return accept({
    workspaceId: connection.workspaceId,
    connectionId: connection.id,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    receivedAt,
  })
}

const personOf = ({ personKey, verifiedUserId, name, email, locale }: VisitorRow): object => ({
  id: personKey,
  verified: verifiedUserId !== null,
  ...(name !== null && { name }),
  ...(email !== null && { email }),
  ...(locale !== null && { locale }),
})

const fileOf = ({ width, height, ...file }: PostedFile): object => ({
  ...file,
  ...(width !== null && { width }),
  ...(height !== null && { height }),
})
