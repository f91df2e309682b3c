// Breach: a screen imports a part of platform that is not for browsers.
import { rows } from '#platform/db/rows'

export const breach = rows
