export const webchatName = 'webchat'
