// The architecture as data: which domain may import which. oxlint.config.ts turns this table into lint rules,
// architecture.test.ts compares it with the folders, and a new arrow shows in review as one changed line here.

/** From the top of the house to the ground. A domain may import every domain on a lower row, and none on its own. */
export const rows = [
  ['intake', 'reports', 'goals'],
  ['issues', 'campaigns', 'community', 'newsroom', 'quality', 'fairness'],
  ['automations'],
  ['routing'],
  ['response-map'],
  ['triage', 'service-levels', 'listening', 'publishing', 'knowledge', 'surveys', 'policies', 'training'],
  ['approvals', 'webchat'],
  ['inbox'],
  ['connections', 'customers'],
  ['workspaces'],
] as const

export type DomainName = (typeof rows)[number][number]

/** Domains that have no folder yet. A name leaves this list in the change that makes its folder; none comes back. */
export const planned: readonly DomainName[] = [
  'reports',
  'goals',
  'issues',
  'campaigns',
  'community',
  'newsroom',
  'quality',
  'fairness',
  'automations',
  'routing',
  'response-map',
  'service-levels',
  'listening',
  'publishing',
  'knowledge',
  'surveys',
  'policies',
  'training',
  'approvals',
]

/** Imports between domains of one row, each with its reason: `automations: ['routing']`. */
const sideways: Partial<Record<DomainName, readonly DomainName[]>> = {}

/** Domains that get less than their row would give them. */
const narrowed: Partial<Record<DomainName, readonly DomainName[]>> = {
  // The worker loop hands a batch on to the domains that store and understand it, and to nobody else.
  intake: ['triage', 'listening', 'inbox', 'connections', 'customers', 'workspaces'],
}

/** Domains that call channels, always through `#channels/connector` and `#channels/all`, never by a channel's own folder. */
export const mayUseChannels: readonly DomainName[] = ['connections', 'intake', 'inbox', 'listening', 'publishing']

/** Domains that may read the tables of every other domain. All others read only what lies below them. */
export const readWidely: readonly DomainName[] = ['reports', 'fairness']

/** The table itself. A name that is absent from a list is out of reach. */
export const mayImport = Object.fromEntries(
  rows.flatMap((row, height) =>
    row.map((name) => [name, narrowed[name] ?? [...(sideways[name] ?? []), ...rows.slice(height + 1).flat()]]),
  ),
) as Readonly<Record<DomainName, readonly DomainName[]>>
