// Conversations that seem to be one matter of one person: proposed with the evidence, decided by a person, never twice.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { makeOneMatter, visibleTo } from '#inbox/server'
import { memberOf, type Actor } from '#platform/actor'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import type { Page } from '#platform/contract/kernel'
import { notFound, Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Proposal } from '../../contract.ts'
import { emit } from '../emit.ts'
import type { TriageReads, TriageTables } from '../tables.ts'

export interface NewProposal {
  readonly later: string
  readonly earlier: string
  readonly evidence: readonly string[]
  readonly strength: number
}

type Tables = Pick<TriageTables, 'conversationProposals'> & TriageReads

/** Two statements; none for none. A pair that was proposed, in either order, is not proposed again. */
export async function propose(tx: Tx<Tables>, actor: Actor, proposals: readonly NewProposal[]): Promise<void> {
  if (proposals.length === 0) return
  const { rows } = await sql<{ id: string; laterId: string; teamId: string | null; assigneeId: string | null }>`
    with made as (
      insert into conversation_proposals (workspace_id, id, later_id, earlier_id, evidence, strength, proposed_at)
      select ${actor.workspaceId}::uuid, n.id, n.later, n.earlier, n.evidence, n.strength, ${actor.at}
      from jsonb_to_recordset(${JSON.stringify(proposals.map((one) => ({ id: randomUUIDv7(), ...one })))}::jsonb)
        as n (id uuid, later uuid, earlier uuid, evidence text[], strength real)
      where not exists (select from conversation_proposals p where p.workspace_id = ${actor.workspaceId}::uuid
        and p.later_id = n.earlier and p.earlier_id = n.later)
      on conflict do nothing returning id, later_id
    )
    select made.id, made.later_id, c.team_id, c.assignee_id from made
    join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.id = made.later_id
  `.execute(tx)
  await emit(
    tx,
    actor,
    'triage.proposal_changed',
    ...rows.map(({ id, laterId, teamId, assigneeId }) => ({
      subjectId: laterId,
      data: { conversationId: laterId, proposalId: id },
      visibility: { teamId, assigneeId },
    })),
  )
}

const PAGE = 30

interface ProposalRow {
  readonly id: string
  readonly state: Proposal['state']
  readonly evidence: Proposal['evidence']
  readonly strength: number
  readonly proposedAt: Date
  readonly decidedAt: Date | null
  readonly conversations: Proposal['conversations']
  readonly laterId: string
  readonly earlierId: string
  readonly teamId: string | null
  readonly assigneeId: string | null
}

/** Open ones, newest first; of one conversation all of them. Only where the actor sees both sides. */
export async function listProposals(
  tx: Tx<Tables>,
  actor: Actor,
  {
    conversation,
    after,
    limit = PAGE,
  }: { conversation?: string | undefined; after?: string | undefined; limit?: number | undefined },
): Promise<Page<Proposal>> {
  const past = after === undefined ? sql`true` : sql`p.id < ${decodeCursor(after, ['id'])[0]}::uuid`
  const wanted =
    conversation === undefined
      ? sql`p.state = 'open'`
      : sql`(p.later_id = ${conversation}::uuid or p.earlier_id = ${conversation}::uuid)`
  const rows = await readProposals(tx, actor, sql`${past} and ${wanted}`, limit + 1)
  const page = rows.slice(0, limit)
  return { items: page.map(toProposal), next: rows.length > limit ? encodeCursor(page.at(-1)!.id) : null }
}

async function readProposals(tx: Tx<Tables>, actor: Actor, where: ReturnType<typeof sql>, limit: number) {
  const shown = (name: string) => {
    const c = sql.raw(name)
    return sql`json_build_object('conversationId', ${c}.id, 'channel', ${c}.channel, 'subject', ${c}.subject, 'customerName', ${c}.customer_name,
      'preview', ${c}.preview, 'state', ${c}.state, 'lastActivityAt', to_char(${c}.last_activity_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`
  }
  const { rows } = await sql<ProposalRow>`
    select p.id, p.state, p.evidence, p.strength, p.proposed_at, p.decided_at, p.later_id, p.earlier_id, c.team_id, c.assignee_id,
      json_build_array(${shown('c')}, ${shown('e')}) as conversations
    from conversation_proposals p
    join conversations c on c.workspace_id = p.workspace_id and c.id = p.later_id
    join conversations e on e.workspace_id = p.workspace_id and e.id = p.earlier_id
    where p.workspace_id = ${actor.workspaceId}::uuid and ${where} and ${visibleTo(actor, 'c')} and ${visibleTo(actor, 'e')}
    order by p.id desc limit ${limit}
  `.execute(tx)
  return rows
}

const toProposal = ({
  id,
  state,
  evidence,
  strength,
  proposedAt,
  decidedAt,
  conversations,
}: ProposalRow): Proposal => ({
  id,
  state,
  conversations,
  evidence,
  strength,
  proposedAt: proposedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
})

/** Accepted, the conversations are one matter in one person's hands; dismissed, the pair never comes again. */
export async function decideProposal(
  tx: Tx,
  actor: Actor,
  id: string,
  state: 'accepted' | 'dismissed',
): Promise<Proposal> {
  const [row] = await readProposals(tx, actor, sql`p.id = ${id}::uuid`, 1)
  if (!row) throw notFound('proposal')
  const decided = await tx
    .updateTable('conversationProposals')
    .set({ state, decidedAt: actor.at, decidedBy: memberOf(actor) })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst()
  if (!decided) throw new Problem(409, 'triage.already_decided', 'Somebody decided this already.')
  const { laterId, earlierId, teamId, assigneeId } = row
  if (state === 'accepted') await makeOneMatter(tx, actor, [laterId, earlierId])
  await emit(tx, actor, 'triage.proposal_changed', {
    subjectId: laterId,
    data: { conversationId: laterId, proposalId: id },
    visibility: { teamId, assigneeId },
  })
  return toProposal({ ...row, state, decidedAt: actor.at })
}
