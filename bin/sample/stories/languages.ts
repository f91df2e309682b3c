import type { Exchange, Story } from '../screenplay.ts'
export const abroadStories: readonly Story[] = []
export const abroadExchanges: readonly Exchange[] = []
