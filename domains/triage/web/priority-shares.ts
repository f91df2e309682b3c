// How much of where a conversation stands comes from what. Pure.
import type { ConversationPriority } from '../contract.ts'

export interface PriorityPiece {
  /** `waiting`, or the code of a reason. */
  readonly code: string
  /** Null for waiting, which the reader's language says. */
  readonly words: string | null
  readonly minutes: number
  /** Of the whole, 0 to 1. */
  readonly share: number
}

/**
 * Waiting counts minute for minute and every reason as so many minutes more; what is before now in line is their sum.
 * The heaviest first. Of something not yet due, waiting is nothing.
 */
export function piecesOf(
  { waitingFrom, reasons }: Pick<ConversationPriority, 'waitingFrom' | 'reasons'>,
  now: number,
): { pieces: PriorityPiece[]; minutes: number } {
  const waited = Math.max(0, Math.round((now - Date.parse(waitingFrom)) / 60_000))
  const all = [
    { code: 'waiting', words: null, minutes: waited },
    ...reasons.map(({ code, words, minutes }) => ({ code, words, minutes })),
  ].filter(({ minutes }) => minutes !== 0)
  const sum = all.reduce((total, { minutes }) => total + minutes, 0)
  return {
    minutes: sum,
    pieces: all
      .map((piece) => ({ ...piece, share: sum === 0 ? 0 : piece.minutes / sum }))
      .toSorted((a, b) => b.minutes - a.minutes),
  }
}
