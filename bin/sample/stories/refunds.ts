import type { Exchange, Story } from '../screenplay.ts'
export const refundStories: readonly Story[] = []
export const refundExchanges: readonly Exchange[] = []
