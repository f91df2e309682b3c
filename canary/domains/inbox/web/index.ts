// Allowed: what the inbox shows to the screens of upper domains.
export { thread } from './thread.ts'
