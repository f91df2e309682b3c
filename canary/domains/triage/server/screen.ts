// Breach: a server imports a screen.
import { shown } from '../web/allowed.ts'

export const breach = shown
