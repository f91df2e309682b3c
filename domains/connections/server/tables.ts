import type { DB } from '#platform/db/database'

export type ConnectionTables = Pick<
  DB,
  | 'connections'
  | 'connectionAuthorizations'
  | 'connectionFeeds'
  | 'connectionAddresses'
  | 'deliveries'
  | 'refusedDeliveries'
>

/** What a connection points at, looked up to refuse what is not there. */
export type ConnectionReads = ConnectionTables & Pick<DB, 'teams' | 'serviceHours'>
