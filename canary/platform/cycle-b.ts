// Breach: two files that need each other.
import { a } from './cycle-a.ts'

export const b = () => a
