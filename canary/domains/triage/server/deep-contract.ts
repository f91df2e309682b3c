// Breach: reaches past another domain's contract.ts into its parts.
import { messageLimit } from '../../inbox/contract/messages.ts'

export const breach = messageLimit
