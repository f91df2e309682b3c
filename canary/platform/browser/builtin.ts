// Breach: browser code takes a builtin by its bare name.
import { join } from 'path'

export const breach = join
