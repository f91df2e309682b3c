// One person who complains in several places: proposed with the evidence, decided by a person.
import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'

export const evidenceKinds = [
  'same_customer',
  'same_words',
  'same_email',
  'same_phone',
  'same_number',
  'same_name',
] as const

export const ProposedConversation = t.Object({
  conversationId: Id,
  channel: t.String(),
  subject: nullable(t.String()),
  customerName: nullable(t.String()),
  preview: t.String(),
  state: t.String(),
  lastActivityAt: Moment,
})

export const Proposal = t.Object(
  {
    id: Id,
    state: oneOf(['open', 'accepted', 'dismissed']),
    /** The later one first: the proposal is that it belongs to the other. */
    conversations: t.Array(ProposedConversation),
    evidence: t.Array(oneOf(evidenceKinds)),
    /** 0 to 1: how strong the evidence is together. */
    strength: t.Number(),
    proposedAt: Moment,
    decidedAt: nullable(Moment),
  },
  { $id: 'Proposal' },
)
export type Proposal = t.Static<typeof Proposal>

export const proposalRoutes = routes({
  listProposals: {
    method: 'GET',
    path: '/triage/proposals',
    summary: 'Conversations that seem to be one, newest first; only where the caller sees both',
    access: 'inbox.read',
    query: t.Object({ ...paging, conversation: t.Optional(Id) }),
    reply: pageOf(Proposal),
  },
  acceptProposal: {
    method: 'POST',
    path: '/proposals/:id/accept',
    summary: 'They are one matter: linked, and in the hands of whoever has one of them',
    access: 'inbox.assign',
    params: IdParams,
    reply: Proposal,
    problems: ['triage.already_decided'],
  },
  dismissProposal: {
    method: 'POST',
    path: '/proposals/:id/dismiss',
    summary: 'They are not; never proposed again',
    access: 'inbox.assign',
    params: IdParams,
    reply: Proposal,
    problems: ['triage.already_decided'],
  },
})
