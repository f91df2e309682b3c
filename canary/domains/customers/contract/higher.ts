// Breach: a lower contract takes a type from a higher one.
import type { InboxRoute } from '#inbox/contract'

export type Breach = InboxRoute
