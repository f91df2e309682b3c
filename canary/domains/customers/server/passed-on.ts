// Breach: and so is what is only passed on.
export { inboxName } from '#inbox/server'
