// Breach: an import at run time is one too.
export const breach = () => import('#inbox/server')
