import type { DB } from './db.gen.ts'

/** The tables that platform itself owns. */
export type PlatformTables = Pick<
  DB,
  'epochs' | 'events' | 'accessLog' | 'eventCursors' | 'reactionsDone' | 'failures' | 'keyringRoot'
>
