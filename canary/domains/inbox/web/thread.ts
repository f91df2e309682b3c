// Allowed: a screen uses its own contract, lower contracts, web/ui and what of platform is safe in a browser.
import { customersRoutes } from '#customers/contract'
import { inboxRoutes } from '#inbox/contract'
import type { RouteTable } from '#platform/contract/kernel'
import { button } from '../../../web/ui/button.ts'

export const thread: RouteTable = { ...inboxRoutes, ...customersRoutes, button }
