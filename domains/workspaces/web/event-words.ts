import { workspacesEvents } from '../contract.ts'

/** What an event means: the sentence of its contract where this domain has it, else its name in words. */
export function eventWords(type: string): string {
  const known = (workspacesEvents as Readonly<Record<string, { readonly summary: string } | undefined>>)[type]
  if (known) return known.summary
  const words = type.slice(type.indexOf('.') + 1).replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
