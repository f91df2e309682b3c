export const routingRoutes = { list: '/routing' } as const
export type RoutingRoute = keyof typeof routingRoutes
