export const surveysName = 'surveys'
