import type { Exchange } from '../screenplay.ts'
export const everydayExchanges: readonly Exchange[] = []
