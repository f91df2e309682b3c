// What other domains' screens and the shell may use.
export { welcomeSteps, type WelcomeStep } from './welcome-steps.ts'
export { ConnectionNotice } from './connection-notice.tsx'
