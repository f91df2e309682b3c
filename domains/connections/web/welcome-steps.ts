export const welcomeSteps = ['chat', 'people', 'hours'] as const
export type WelcomeStep = (typeof welcomeSteps)[number]
