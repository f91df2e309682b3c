export const inboxName = 'inbox'
