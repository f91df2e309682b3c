export const webchatRoutes = { list: '/webchat' } as const
export type WebchatRoute = keyof typeof webchatRoutes
