// Another workspace in the same database, whose things nobody of ours may reach.
import { randomUUID } from 'node:crypto'
import type { Database } from '#platform/db/database'
import { aConnection } from '../../../domains/connections/server/factories.ts'
import { aCustomer } from '../../../domains/customers/server/factories.ts'
import { aMember, aTeam, aWorkspace } from '../../../domains/workspaces/server/factories.ts'

/** One of everything that has an id in a path; the ids by the noun in front of them there. */
export async function makeElsewhere(db: Database): Promise<Record<string, string>> {
  const there = await aWorkspace(db, { name: 'Elsewhere' })
  const { workspaceId, owner } = there
  const member = await aMember(db, workspaceId, 'agent')
  const team = await aTeam(db, workspaceId)
  const connection = await aConnection(db, workspaceId, 'webchat')
  const { customerId, identityId } = await aCustomer(db, workspaceId)
  const id = {
    conversation: randomUUID(),
    message: randomUUID(),
    attachment: randomUUID(),
    label: randomUUID(),
    hours: randomUUID(),
    token: randomUUID(),
    invitation: randomUUID(),
    layer: randomUUID(),
    proposal: randomUUID(),
  }
  const at = owner.at
  await db.write(owner, async (tx) => {
    await tx
      .insertInto('conversations')
      .values({
        workspaceId,
        id: id.conversation,
        connectionId: connection.id,
        channel: 'webchat',
        threadKey: 'theirs',
        customerId,
        visibility: 'private',
        shape: 'line',
        firstMessageAt: at,
        lastActivityAt: at,
        priorityAt: at,
      })
      .execute()
    await tx
      .insertInto('messages')
      .values({
        workspaceId,
        id: id.message,
        conversationId: id.conversation,
        episode: 1,
        kind: 'out',
        visibility: 'private',
        identityId,
        body: 'theirs',
        occurredAt: at,
        receivedAt: at,
        state: 'failed',
        stateAt: at,
      })
      .execute()
    await tx
      .insertInto('attachments')
      .values({
        workspaceId,
        id: id.attachment,
        messageId: id.message,
        conversationId: id.conversation,
        name: 'theirs.txt',
        mediaType: 'text/plain',
        kind: 'text',
        size: 6,
        sha256: 'a'.repeat(64),
        state: 'stored',
        createdAt: at,
      })
      .execute()
    await tx
      .insertInto('triageLayers')
      .values({
        workspaceId,
        id: id.layer,
        kind: 'sentiment',
        version: 1,
        state: 'kept',
        lessons: 1,
        reason: 'theirs',
        content: Buffer.from('theirs'),
        learnedAt: at,
      })
      .execute()
    await tx
      .insertInto('conversationProposals')
      .values({
        workspaceId,
        id: id.proposal,
        laterId: id.conversation,
        earlierId: id.conversation,
        evidence: ['same_name'],
        strength: 1,
        proposedAt: at,
      })
      .execute()
    await tx
      .insertInto('identityPictures')
      .values({ workspaceId, identityId, sourceUrl: 'https://elsewhere.example/face', sha256: 'b'.repeat(64) })
      .execute()
    await tx.insertInto('labels').values({ workspaceId, id: id.label, name: 'theirs', createdAt: at }).execute()
    await tx
      .insertInto('serviceHours')
      .values({ workspaceId, id: id.hours, name: 'theirs', timeZone: 'UTC', weekly: '[]', updatedAt: at })
      .execute()
    await tx
      .insertInto('apiTokens')
      .values({ workspaceId, id: id.token, name: 'theirs', tokenHash: 'theirs', scopes: ['read'], createdAt: at })
      .execute()
    await tx
      .insertInto('invitations')
      .values({
        workspaceId,
        id: id.invitation,
        email: 'theirs@example.org',
        role: 'agent',
        tokenHash: 'theirs',
        createdAt: at,
        expiresAt: new Date('2999-01-01T00:00:00Z'),
      })
      .execute()
  })
  return {
    members: member.id!,
    teams: team.id,
    connections: connection.id,
    customers: customerId,
    identities: identityId,
    conversations: id.conversation,
    messages: id.message,
    attachments: id.attachment,
    labels: id.label,
    'service-hours': id.hours,
    tokens: id.token,
    invitations: id.invitation,
    layers: id.layer,
    proposals: id.proposal,
  }
}
