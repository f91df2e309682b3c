// Allowed: the shell knows every screen and contract.
import { routingRoutes } from '#routing/contract'
import { thread } from '../domains/inbox/web/thread.ts'
import { button } from './ui/button.ts'

export const main = [routingRoutes, thread, button]
