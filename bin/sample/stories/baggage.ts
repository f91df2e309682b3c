import type { Story } from '../screenplay.ts'
export const baggageStories: readonly Story[] = []
