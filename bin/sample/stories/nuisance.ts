import type { Exchange, Story } from '../screenplay.ts'
export const nuisanceStories: readonly Story[] = []
export const nuisanceExchanges: readonly Exchange[] = []
