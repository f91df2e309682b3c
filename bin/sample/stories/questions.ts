import type { Exchange } from '../screenplay.ts'
export const questionExchanges: readonly Exchange[] = []
