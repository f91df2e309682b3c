// Breach: a type is an import like any other.
import type { InboxRoute } from '#inbox/contract'

export type Breach = InboxRoute
