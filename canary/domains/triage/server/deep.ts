// Breach: reaches past the index into another domain's inside, by a relative path.
import { inside } from '../../inbox/server/messages.ts'

export const breach = inside
