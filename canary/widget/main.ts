// Allowed: the widget knows webchat's contract and nothing else of the product.
import type { RouteTable } from '#platform/contract/kernel'
import { webchatRoutes } from '#webchat/contract'

export const main: RouteTable = webchatRoutes
