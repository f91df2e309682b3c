// Who somebody is. The DID stays for ever; the handle is a name that they may change, and `handle.invalid` says that it broke.
import type { Author } from '../connector.ts'
import { asCount, asObject, asText, at, objectsOf, textAt, type Json } from './json.ts'
import { isDid, isHandle, WEB } from './uri.ts'

const MOST_NAME = 640

/** @param detailed the same person's `profileViewDetailed`, where it was fetched */
export function authorOf(view: Json | null, detailed: Json | null): Author | null {
  const did = view?.['did']
  if (!isDid(did)) return null
  const more = detailed?.['did'] === did ? detailed : null
  const handle = textAt(more, 'handle') ?? asText(view?.['handle'])
  const name = (textAt(more, 'displayName') ?? asText(view?.['displayName']))?.trim().slice(0, MOST_NAME)
  const avatar = webAddress(textAt(more, 'avatar') ?? asText(view?.['avatar']))
  const reach = asCount(at(more, 'followersCount'))
  return {
    externalId: did,
    ...(isHandle(handle) && handle !== 'handle.invalid' && { handle: handle.toLowerCase() }),
    ...(name && { name }),
    ...(avatar && { avatarUrl: avatar }),
    profileUrl: `${WEB}/profile/${did}`,
    ...(reach !== null && { reach }),
    ...((isBot(view) || isBot(more)) && { isBot: true }),
  }
}

export function webAddress(text: string | null): string | null {
  const url = text === null || text.length > 4000 ? null : URL.parse(text)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? text : null
}

/** Accounts say of themselves that a program writes there, by a label. */
function isBot(view: Json | null): boolean {
  return objectsOf(view?.['labels'], 50).some(
    (label) => label['val'] === 'bot' && label['neg'] !== true && label['src'] === view?.['did'],
  )
}

const meant: Readonly<Record<string, string>> = {
  '!hide': 'hidden by moderators',
  '!warn': 'a warning by moderators',
  porn: 'adult content',
  sexual: 'sexually suggestive',
  nudity: 'nudity',
  'graphic-media': 'graphic media',
  gore: 'graphic media',
  'self-harm': 'self-harm',
  intolerant: 'intolerance',
  threat: 'threats',
  rude: 'rudeness',
  spam: 'spam',
  scam: 'a scam',
  impersonation: 'impersonation',
  misleading: 'misleading',
  'sexual-figurative': 'adult content, drawn',
  extremist: 'extremism',
}

/** The line that labels put before a post; null where none of them warns. */
export function warningOf(...lists: readonly unknown[]): string | null {
  const labels = lists.flatMap((list) => objectsOf(asObject(list)?.['values'] ?? list, 50))
  const undone = new Set(labels.filter((label) => label['neg'] === true).map((label) => label['val']))
  const words = labels
    .map((label) => asText(label['val']) ?? '')
    .filter((val) => Object.hasOwn(meant, val) && !undone.has(val))
    .map((val) => meant[val]!)
  return words.length > 0 ? `Labelled: ${[...new Set(words)].join(', ')}` : null
}
