// Breach: intake is imported by nobody.
import { intakeName } from '#intake/server'

export const breach = intakeName
