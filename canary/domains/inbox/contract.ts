export const inboxRoutes = { list: '/inbox' } as const
export type InboxRoute = keyof typeof inboxRoutes
