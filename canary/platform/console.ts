// Breach: the running program speaks through its log.
export const breach = () => console.log('breach')
