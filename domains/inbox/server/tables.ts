import type { DB } from '#platform/db/database'

export type InboxTables = Pick<
  DB,
  | 'conversations'
  | 'episodes'
  | 'messages'
  | 'messageKeys'
  | 'messageFollows'
  | 'messageBodies'
  | 'messagePosts'
  | 'messageDeeds'
  | 'conversationThreads'
  | 'moderations'
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
  'customers' | 'identities' | 'identityPictures' | 'connections' | 'deliveries' | 'members' | 'teams' | 'workspaces'
>
