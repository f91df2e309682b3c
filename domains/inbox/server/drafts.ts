// What a member has begun to write, kept on the server so that it is there on every device and after every crash.
import { memberOf, type Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Addressees, Draft } from '../contract.ts'
import { attachmentsOf, toAttachment } from './attachment-rows.ts'
import { addresseesOf } from './bodies.ts'
import { emit } from './emit.ts'
import type { InboxTables } from './tables.ts'
import { requireOwnUploads } from './uploads.ts'
import { findConversation, visibilityOf } from './visibility.ts'

type Tables = Pick<InboxTables, 'drafts' | 'attachments' | 'conversations' | 'messageBodies'>

export interface DraftInput {
  readonly conversationId: string
  readonly kind: 'out' | 'note'
  readonly body: string
  readonly parentId?: string | null | undefined
  readonly attachmentIds?: readonly string[] | undefined
  readonly addressees?: Addressees | null | undefined
  readonly subject?: string | null | undefined
  /** In which thread it shall go: its id, `first`, or null where nothing was chosen. */
  readonly thread?: string | null | undefined
  readonly warning?: string | null | undefined
  /** The version that was edited; 0 for a new one. */
  readonly version: number
}

/** The caller's draft, or null. Tokens have none. */
export async function getDraft(tx: Tx<Tables>, actor: Actor, conversationId: string): Promise<Draft | null> {
  await findConversation(tx, actor, conversationId)
  return readDraft(tx, actor, conversationId)
}

export async function readDraft(tx: Tx<Tables>, actor: Actor, conversationId: string): Promise<Draft | null> {
  const member = memberOf(actor)
  if (member === null) return null
  const row = await tx
    .selectFrom('drafts')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversationId)
    .where('memberId', '=', member)
    .executeTakeFirst()
  if (!row) return null
  const files = await attachmentsOf(tx, actor, { ids: row.attachmentIds })
  return {
    conversationId,
    kind: row.kind as Draft['kind'],
    body: row.body,
    parentId: row.parentId,
    attachments: files.map(toAttachment),
    addressees: row.addressees as Addressees | null,
    subject: row.subject,
    thread: row.thread,
    warning: row.warning,
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  }
}

const changedMeanwhile = (draft: Draft | null): Problem =>
  new Problem(409, 'inbox.changed_meanwhile', 'This draft was changed in another window.', { details: { draft } })

/** Keeps a draft; an empty one is removed. Two windows of one person: the older one is told, and nothing is overwritten. */
export async function saveDraft(tx: Tx<Tables>, actor: Actor, input: DraftInput): Promise<Draft | null> {
  const member = memberOf(actor)
  if (member === null) throw new Problem(422, 'inbox.no_drafts', 'Only members have drafts.')
  const conversation = await findConversation(tx, actor, input.conversationId)
  const present = await readDraft(tx, actor, input.conversationId)
  if ((present?.version ?? 0) !== input.version) throw changedMeanwhile(present)
  const attachmentIds = await requireOwnUploads(tx, actor, input.attachmentIds ?? [])
  const empty = input.body.trim() === '' && attachmentIds.length === 0
  if (empty) await removeDraft(tx, actor, input.conversationId)
  else {
    const fields = {
      kind: input.kind,
      body: input.body.replaceAll('\u0000', ''),
      parentId: input.parentId ?? null,
      attachmentIds,
      addressees: input.addressees ? JSON.stringify(input.addressees) : null,
      subject: input.subject ?? null,
      thread: input.thread ?? null,
      warning: input.warning ?? null,
      version: input.version + 1,
      updatedAt: actor.at,
    }
    const kept = await tx
      .insertInto('drafts')
      .values({ workspaceId: actor.workspaceId, conversationId: input.conversationId, memberId: member, ...fields })
      .onConflict((conflict) =>
        conflict
          .columns(['workspaceId', 'conversationId', 'memberId'])
          .doUpdateSet(fields)
          .where('drafts.version', '=', input.version),
      )
      .returning('version')
      .executeTakeFirst()
    // Two saves at the same moment both found the version they knew.
    if (!kept) throw changedMeanwhile(await readDraft(tx, actor, input.conversationId))
  }
  await emit(tx, actor, 'inbox.draft_saved', {
    subjectId: input.conversationId,
    data: { conversationId: input.conversationId, memberId: member },
    visibility: visibilityOf(conversation),
  })
  return empty ? null : readDraft(tx, actor, input.conversationId)
}

export async function removeDraft(tx: Tx<Pick<Tables, 'drafts'>>, actor: Actor, conversationId: string): Promise<void> {
  const member = memberOf(actor)
  if (member === null) return
  await tx
    .deleteFrom('drafts')
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversationId)
    .where('memberId', '=', member)
    .execute()
}

/** Turns a message taken back into its author's draft again, in front of whatever they began since. */
export async function restoreDraft(
  tx: Tx<Tables>,
  actor: Actor,
  message: {
    readonly id: string
    readonly conversationId: string
    readonly body: string
    readonly parentId: string | null
    readonly subject: string | null
    /** In which thread it would have gone; left out: nothing was chosen. */
    readonly thread?: string | null
    readonly warning?: string | null
  },
): Promise<void> {
  const member = memberOf(actor)
  if (member === null) return
  const files = await tx
    .updateTable('attachments')
    .set({ messageId: null })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', message.id)
    .returning(['id', 'position'])
    .execute()
  const begun = await readDraft(tx, actor, message.conversationId)
  const attachmentIds = [
    ...files.sort((a, b) => a.position - b.position).map(({ id }) => id),
    ...(begun?.attachments.map(({ id }) => id) ?? []),
  ]
  const envelope = (await addresseesOf(tx, actor, message.id)) ?? begun?.addressees ?? null
  const body = [message.body, begun?.kind === 'out' ? begun.body : ''].filter((text) => text !== '').join('\n\n')
  const fields = {
    kind: 'out',
    body,
    parentId: message.parentId,
    attachmentIds,
    addressees: envelope && JSON.stringify(envelope),
    subject: message.subject ?? begun?.subject ?? null,
    thread: message.thread ?? begun?.thread ?? null,
    warning: message.warning ?? begun?.warning ?? null,
    version: (begun?.version ?? 0) + 1,
    updatedAt: actor.at,
  }
  await tx
    .insertInto('drafts')
    .values({ workspaceId: actor.workspaceId, conversationId: message.conversationId, memberId: member, ...fields })
    .onConflict((conflict) => conflict.columns(['workspaceId', 'conversationId', 'memberId']).doUpdateSet(fields))
    .execute()
}
