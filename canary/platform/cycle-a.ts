// Breach: two files that need each other.
import { b } from './cycle-b.ts'

export const a = () => b
