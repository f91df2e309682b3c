import type { DB } from '#platform/db/database'

export type ConnectionTables = Pick<DB, 'connections' | 'deliveries' | 'refusedDeliveries'>
