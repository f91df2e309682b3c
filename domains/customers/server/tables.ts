import type { DB } from '#platform/db/database'

export type CustomerTables = Pick<
  DB,
  'customers' | 'identities' | 'identityPictures' | 'customerTags' | 'customerNotes'
>
