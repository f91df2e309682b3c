// How many mails of a set answer another one of it: the figure that tells whether threads hold.

export interface Mailed {
  readonly externalId: string
  readonly follows: readonly string[]
}

/** For each mail with an ancestor in the set, the nearest one: mail → ancestor. */
export function nearestAncestors(mails: readonly Mailed[]): ReadonlyMap<Mailed, string> {
  const ids = new Set(mails.map(({ externalId }) => externalId))
  const found = new Map<Mailed, string>()
  for (const mail of mails) {
    const nearest = mail.follows.find((id) => ids.has(id))
    if (nearest !== undefined) found.set(mail, nearest)
  }
  return found
}
