import type { Story } from '../screenplay.ts'
export const cabinStories: readonly Story[] = []
