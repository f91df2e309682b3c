export const intakeRoutes = { list: '/intake' } as const
export type IntakeRoute = keyof typeof intakeRoutes
