export const path = '/api/v1'
