// Breach: reaches past web/index.ts into another domain's screens.
import { thread } from '../../inbox/web/thread.ts'

export const breach = thread
