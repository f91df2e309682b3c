import type { DB } from '#platform/db/database'

/** The tables that webchat owns. */
export type WebchatTables = Pick<DB, 'visitors' | 'visits' | 'visitorUploads'>
/** What it reads of others: the visitor's own line. */
export type ReadTables = Pick<DB, 'connections' | 'conversations' | 'messages' | 'attachments' | 'conversationReads'>
