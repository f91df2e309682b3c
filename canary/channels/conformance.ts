// Breach: only the register names channels.
import { bluesky } from './bluesky/index.ts'

export const breach = bluesky
