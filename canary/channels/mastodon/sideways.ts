// Breach: a channel uses another channel.
import { bluesky } from '../bluesky/index.ts'

export const breach = bluesky
