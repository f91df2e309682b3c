import type { Story } from '../screenplay.ts'
export const pressStories: readonly Story[] = []
