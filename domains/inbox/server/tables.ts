import type { DB } from '#platform/db/database'

export type InboxTables = Pick<
  DB,
  | 'conversations'
  | 'episodes'
  | 'messages'
  | 'messageKeys'
  | 'messageFollows'
  | 'messageBodies'
  | 'conversationAddresses'
  | 'conversationLinks'
  | 'earlyChanges'
  | 'conversationParticipants'
  | 'attachments'
  | 'outbound'
  | 'sendGates'
  | 'drafts'
  | 'openingDrafts'
  | 'conversationReads'
  | 'labels'
  | 'conversationLabels'
  | 'messageSearch'
>

/** What the inbox reads of the domains below it. */
export type InboxReads = Pick<
  DB,
  'customers' | 'identities' | 'connections' | 'deliveries' | 'members' | 'teams' | 'workspaces'
>
