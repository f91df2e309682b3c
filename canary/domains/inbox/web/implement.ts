// Breach: the contract kernel has a server's half.
import { implement } from '#platform/contract/implement'

export const breach = implement
