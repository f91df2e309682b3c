export const workspacesRoutes = { list: '/workspaces' } as const
export type WorkspacesRoute = keyof typeof workspacesRoutes
