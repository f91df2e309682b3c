export const surveysRoutes = { list: '/surveys' } as const
export type SurveysRoute = keyof typeof surveysRoutes
