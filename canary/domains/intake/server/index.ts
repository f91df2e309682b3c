export const intakeName = 'intake'
