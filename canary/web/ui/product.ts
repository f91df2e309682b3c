// Breach: a component of web/ui knows the product.
import { inboxRoutes } from '#inbox/contract'

export const breach = inboxRoutes
