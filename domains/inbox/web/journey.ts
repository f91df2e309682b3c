// The way of a conversation's present episode, as far as it has come. Pure.
import type { Conversation, Message } from '../contract.ts'

export interface Step {
  readonly id: 'heard' | 'answered' | 'resolved'
  /** When it was reached; null while it is not. */
  readonly at: string | null
  /** Milliseconds since the step before. */
  readonly took: number | null
}

/** @param messages oldest first. Null when the beginning of the episode is not loaded, so that nothing is guessed. */
export function journeyOf(
  { episode, resolvedAt, firstMessageAt }: Pick<Conversation, 'episode' | 'resolvedAt' | 'firstMessageAt'>,
  messages: readonly Message[],
  complete: boolean,
): Step[] | null {
  const own = messages.filter((message) => message.episode === episode)
  const begins = complete || own.length < messages.length
  const heard = begins ? own.find(({ kind }) => kind === 'in')?.occurredAt : episode === 1 ? firstMessageAt : undefined
  if (heard === undefined) return null
  const answered = own.find(
    ({ kind, occurredAt, state }) =>
      kind === 'out' && occurredAt >= heard && state !== 'cancelled' && state !== 'failed',
  )?.occurredAt
  const known = begins || answered === undefined ? answered : undefined
  if (!begins && own.some(({ kind }) => kind === 'out')) return null
  const since = (from: string, to: string | null | undefined) => (to ? Date.parse(to) - Date.parse(from) : null)
  return [
    { id: 'heard', at: heard, took: null },
    { id: 'answered', at: known ?? null, took: since(heard, known) },
    { id: 'resolved', at: resolvedAt, took: since(heard, resolvedAt) },
  ]
}
