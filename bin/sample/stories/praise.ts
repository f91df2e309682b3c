import type { Exchange, Story } from '../screenplay.ts'
export const praiseStories: readonly Story[] = []
export const praiseExchanges: readonly Exchange[] = []
