// What the list shows, as it stands in the address: a standing view, a team or a label, and the order.
import type { ConversationSummary } from '../contract.ts'

const standingViews = ['open', 'mine', 'unassigned', 'waiting', 'snoozed', 'resolved'] as const
export type StandingView = (typeof standingViews)[number]

export interface InboxSearch {
  readonly view?: StandingView
  readonly team?: string
  readonly label?: string
  /** Those that say the same as each other. */
  readonly group?: string
  readonly sort?: 'priority'
}

/** Takes of an address what makes sense and drops the rest, so that an old link still opens something. */
export function checkInboxSearch(found: Record<string, unknown>): InboxSearch {
  const id = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value)
  const view = standingViews.find((name) => name === found['view'] && name !== 'open')
  const sort = found['sort'] === 'priority' ? { sort: 'priority' as const } : {}
  if (id(found['team'])) return { team: found['team'], ...sort }
  if (id(found['group'])) return { group: found['group'], ...sort }
  if (id(found['label'])) return { label: found['label'], ...sort }
  return { ...(view && { view }), ...sort }
}

type State = ConversationSummary['state']

/** The query of `listConversations` behind a view. */
export interface ViewQuery {
  readonly state: State
  readonly sort: 'activity' | 'priority'
  readonly assignee?: 'me' | 'nobody'
  readonly team?: string
  readonly label?: string
  readonly customer?: string
  readonly group?: string
  /** One row for all that say the same. */
  readonly grouped?: boolean
}

export function viewQueryOf({ group, ...search }: InboxSearch): ViewQuery {
  if (group) return { state: 'open', sort: search.sort ?? 'activity', group }
  return { ...ungrouped(search), grouped: true }
}

function ungrouped({ view = 'open', team, label, sort = undefined }: InboxSearch): ViewQuery {
  const order = sort ?? 'activity'
  if (team) return { state: 'open', sort: order, team }
  if (label) return { state: 'open', sort: order, label }
  if (view === 'mine') return { state: 'open', sort: order, assignee: 'me' }
  if (view === 'unassigned') return { state: 'open', sort: order, assignee: 'nobody' }
  return { state: view, sort: order }
}

/** Whether a row belongs into a view, for changing lists before the server has answered. */
export function fitsView(row: ConversationSummary, query: ViewQuery, memberId: string): boolean {
  if (row.state !== query.state) return false
  if (query.assignee === 'me' && row.assigneeId !== memberId) return false
  if (query.assignee === 'nobody' && row.assigneeId !== null) return false
  if (query.team && row.teamId !== query.team) return false
  if (query.label && !row.labelIds.includes(query.label)) return false
  if (query.group && row.groupId !== query.group) return false
  return !query.customer || row.customerId === query.customer
}
