// Allowed: a screen takes a part from a lower domain through its web/index.ts.
import { thread } from '../../inbox/web/index.ts'

export const shown = thread
