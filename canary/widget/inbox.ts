// Breach: the widget knows more of the product than webchat's contract.
import { inboxRoutes } from '#inbox/contract'

export const breach = inboxRoutes
