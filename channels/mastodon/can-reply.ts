// Whether an answer can leave, and who will see it.
import type { CanReply, ThreadState } from '../connector.ts'
import { readHome } from './settings.ts'

export const RANKS = ['public', 'unlisted', 'private', 'direct'] as const
export type Visibility = (typeof RANKS)[number]

/** The one that fewer people see; what is not known is as narrow as can be. */
export function narrowest(a: string, b: Visibility): Visibility {
  const rank = RANKS.indexOf(a as Visibility)
  return RANKS[Math.max(rank < 0 ? RANKS.length - 1 : rank, RANKS.indexOf(b))]!
}

const words: Readonly<Record<Visibility, string>> = {
  public: 'A public reply',
  unlisted: 'A public reply that stays out of public timelines',
  private: 'A reply that your followers and the people named in it see',
  direct: 'A private mention, seen by the people named in it and not encrypted',
}

export function canReply(
  { visibility, facts }: ThreadState,
  _now: Date,
  settings: Readonly<Record<string, unknown>>,
): CanReply {
  const home = readHome(settings)
  if (visibility === 'private' && facts['notices'] === true)
    return { ok: false, why: 'This is what the server tells by itself; nobody reads answers to it.' }
  const asked: Visibility = visibility === 'private' ? 'direct' : home.quietReplies ? 'unlisted' : 'public'
  const known = RANKS.find((one) => one === facts['visibility']) ?? asked
  const from = home.handle === null ? '' : ` from ${home.handle}`
  return { ok: true, how: `${words[narrowest(known, asked)]}${from}`, until: null, cost: null }
}
