// The first message that a member is writing to somebody who has not written: one a member, kept on the server until it is sent.
import { memberOf, type Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Addressees, OpeningDraft } from '../contract.ts'
import { attachmentsOf, toAttachment } from './attachment-rows.ts'
import { emit } from './emit.ts'
import type { InboxTables } from './tables.ts'
import { requireOwnUploads } from './uploads.ts'

type Tables = Pick<InboxTables, 'openingDrafts' | 'attachments'>

export interface OpeningInput {
  readonly connectionId: string | null
  readonly addressees: Addressees
  readonly subject: string
  readonly body: string
  readonly attachmentIds: readonly string[]
  /** The version that was edited; 0 for a new one. */
  readonly version: number
}

/** The caller's own, or null. Tokens have none. */
export async function getOpening(tx: Tx<Tables>, actor: Actor): Promise<OpeningDraft | null> {
  const member = memberOf(actor)
  if (member === null) return null
  const row = await tx
    .selectFrom('openingDrafts')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('memberId', '=', member)
    .executeTakeFirst()
  if (!row) return null
  const files = await attachmentsOf(tx, actor, { ids: row.attachmentIds })
  return {
    connectionId: row.connectionId,
    addressees: row.addressees as unknown as Addressees,
    subject: row.subject,
    body: row.body,
    attachments: files.map(toAttachment),
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  }
}

/** Keeps it; an empty one is removed. Two windows of one person: the older one is told, and nothing is overwritten. */
export async function saveOpening(tx: Tx<Tables>, actor: Actor, input: OpeningInput): Promise<OpeningDraft | null> {
  const member = memberOf(actor)
  if (member === null) throw new Problem(422, 'inbox.no_drafts', 'Only members have drafts.')
  const present = await getOpening(tx, actor)
  if ((present?.version ?? 0) !== input.version) throw changedMeanwhile(present)
  const attachmentIds = await requireOwnUploads(tx, actor, input.attachmentIds)
  if (isEmpty(input)) await removeOpening(tx, actor)
  else {
    const fields = {
      connectionId: input.connectionId,
      addressees: JSON.stringify(input.addressees),
      subject: input.subject.replaceAll('\u0000', ''),
      body: input.body.replaceAll('\u0000', ''),
      attachmentIds,
      version: input.version + 1,
      updatedAt: actor.at,
    }
    const kept = await tx
      .insertInto('openingDrafts')
      .values({ workspaceId: actor.workspaceId, memberId: member, ...fields })
      .onConflict((conflict) =>
        conflict
          .columns(['workspaceId', 'memberId'])
          .doUpdateSet(fields)
          .where('openingDrafts.version', '=', input.version),
      )
      .returning('version')
      .executeTakeFirst()
    // Two saves at the same moment both found the version they knew.
    if (!kept) throw changedMeanwhile(await getOpening(tx, actor))
    await tell(tx, actor, member)
  }
  return getOpening(tx, actor)
}

/** It was sent, or thrown away. */
export async function removeOpening(tx: Tx<Tables>, actor: Actor): Promise<void> {
  const member = memberOf(actor)
  if (member === null) return
  const removed = await tx
    .deleteFrom('openingDrafts')
    .where('workspaceId', '=', actor.workspaceId)
    .where('memberId', '=', member)
    .returning('version')
    .executeTakeFirst()
  if (removed) await tell(tx, actor, member)
}

const isEmpty = ({ addressees: { to, cc, bcc }, subject, body, attachmentIds }: OpeningInput): boolean =>
  to.length + cc.length + bcc.length + attachmentIds.length === 0 && `${subject}${body}`.trim() === ''

const changedMeanwhile = (draft: OpeningDraft | null): Problem =>
  new Problem(409, 'inbox.changed_meanwhile', 'This draft was changed in another window.', { details: { draft } })

const tell = (tx: Tx<Tables>, actor: Actor, memberId: string): Promise<void> =>
  emit(tx, actor, 'inbox.opening_draft_saved', {
    subjectId: memberId,
    data: { memberId },
    visibility: { teamId: null, assigneeId: memberId },
  })
