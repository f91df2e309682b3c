import type { DB } from '#platform/db/database'

/** Intake owns no table: it moves deliveries of `connections` on. */
export type IntakeReads = Pick<DB, 'deliveries'>
