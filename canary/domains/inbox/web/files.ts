// Breach: browser code reads files.
import { readFileSync } from 'node:fs'

export const breach = readFileSync
