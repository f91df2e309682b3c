export const messageLimit = 10
