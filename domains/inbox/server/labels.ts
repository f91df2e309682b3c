import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Label } from '../contract.ts'
import { emit } from './emit.ts'
import type { InboxTables } from './tables.ts'
import { findConversation, visibilityOf } from './visibility.ts'

type Tables = Pick<InboxTables, 'labels' | 'conversationLabels' | 'conversations'>
type LabelInput = Pick<Label, 'name' | 'tone'>

const MOST_LABELS = 20
const columns = ['id', 'name', 'tone'] as const

export async function listLabels(tx: Tx<Tables>, actor: Actor): Promise<Label[]> {
  const rows = await tx
    .selectFrom('labels')
    .select(columns)
    .where('workspaceId', '=', actor.workspaceId)
    .where('archivedAt', 'is', null)
    .orderBy(sql`lower(name)`)
    .execute()
  return rows as Label[]
}

export async function createLabel(tx: Tx<Tables>, actor: Actor, input: LabelInput): Promise<Label> {
  const id = randomUUIDv7()
  await refuseTaken(tx, actor, input.name, null)
  const made = await tx
    .insertInto('labels')
    .values({ workspaceId: actor.workspaceId, id, name: input.name.trim(), tone: input.tone, createdAt: actor.at })
    // Somebody else may be making the same one at this moment.
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw labelExists()
  await emit(tx, actor, 'inbox.labels_changed', { subjectId: id, data: { labelId: id } })
  return { id, name: input.name.trim(), tone: input.tone }
}

export async function changeLabel(
  tx: Tx<Tables>,
  actor: Actor,
  id: string,
  input: Partial<LabelInput>,
): Promise<Label> {
  if (input.name !== undefined) await refuseTaken(tx, actor, input.name, id)
  const row = await tx
    .updateTable('labels')
    .set({
      ...(input.name !== undefined && { name: input.name.trim() }),
      ...(input.tone !== undefined && { tone: input.tone }),
      archivedAt: null,
    })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .returning(columns)
    .executeTakeFirst()
  if (!row) throw notFound('label')
  await emit(tx, actor, 'inbox.labels_changed', { subjectId: id, data: { labelId: id } })
  return row as Label
}

async function refuseTaken(tx: Tx<Tables>, actor: Actor, name: string, except: string | null): Promise<void> {
  if (name.trim() === '')
    throw new Problem(400, 'invalid', 'A label needs a name.', { fields: [{ path: 'name', message: 'is empty' }] })
  const taken = await tx
    .selectFrom('labels')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('archivedAt', 'is', null)
    .where(sql<boolean>`lower(name) = lower(${name.trim()})`)
    .executeTakeFirst()
  if (taken && taken.id !== except) throw labelExists()
}

const labelExists = (): Problem => new Problem(422, 'inbox.label_exists', 'There is a label of that name already.')

/** Retires a label and takes it off every conversation that bears it. */
export async function archiveLabel(tx: Tx<Tables>, actor: Actor, id: string): Promise<void> {
  const row = await tx
    .updateTable('labels')
    .set({ archivedAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!row) throw notFound('label')
  await sql`
    with gone as (delete from conversation_labels where workspace_id = ${actor.workspaceId}::uuid and label_id = ${id}::uuid returning conversation_id)
    update conversations c set label_ids = array_remove(label_ids, ${id}::uuid), version = version + 1
    from gone where c.workspace_id = ${actor.workspaceId}::uuid and c.id = gone.conversation_id
  `.execute(tx)
  await emit(tx, actor, 'inbox.labels_changed', { subjectId: id, data: { labelId: id } })
}

/** Puts labels on and takes labels off; what is there already, or not there, is no error. */
export async function labelConversation(
  tx: Tx<Tables>,
  actor: Actor,
  {
    id,
    add = [],
    remove = [],
  }: {
    readonly id: string
    readonly add?: readonly string[] | undefined
    readonly remove?: readonly string[] | undefined
  },
): Promise<void> {
  const row = await findConversation(tx, actor, id, true)
  const known = new Set((await listLabels(tx, actor)).map((label) => label.id))
  if (add.some((label) => !known.has(label)))
    throw new Problem(422, 'inbox.no_such_label', 'One of the labels is not there any more.')
  const labelIds = [...new Set([...row.labelIds.filter((label) => !remove.includes(label)), ...add])]
  if (labelIds.length > MOST_LABELS)
    throw new Problem(422, 'inbox.too_many_labels', `A conversation bears ${MOST_LABELS} labels at most.`)
  await tx
    .updateTable('conversations')
    .set({ labelIds, version: row.version + 1 })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .execute()
  await tx
    .deleteFrom('conversationLabels')
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', id)
    .execute()
  if (labelIds.length > 0) {
    const { state, lastActivityAt, priorityAt } = row
    await tx
      .insertInto('conversationLabels')
      .values(
        labelIds.map((labelId) => ({
          workspaceId: actor.workspaceId,
          labelId,
          conversationId: id,
          state,
          lastActivityAt,
          priorityAt,
        })),
      )
      .execute()
  }
  await emit(tx, actor, 'inbox.conversation_labelled', {
    subjectId: id,
    data: { conversationId: id, changed: ['labelIds'] },
    visibility: visibilityOf(row),
  })
}
