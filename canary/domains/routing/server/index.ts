export const routingName = 'routing'
