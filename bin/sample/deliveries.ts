// A line of a story as it would have come over the wire: the generic channel's webhook, or a visit to the chat.
import { customers, places, type CastCustomer, type PlaceKey } from './cast.ts'
import type { PlannedStep, PlannedStory } from './plan.ts'

/** The platform's id of somebody, and whom of the cast they are. Scoped, so that no real person is ever met by it. */
export const SCOPE = 'larkmoor-sample'

export function idOf(place: PlaceKey, who: string): string {
  return `${place}:${who}`
}

const byHandle = new Map(Object.entries(customers).map(([key, { handle }]) => [handle, key]))

/** The one meant: the story's own customer as `you` or by name, one of the cast by key or handle, or somebody passing by. */
export function keyOf(story: Pick<PlannedStory, 'by'>, who: string): string {
  return who === 'you' ? story.by : (byHandle.get(who) ?? who)
}

/** How somebody in a story presents themselves in a place. */
export function speakerOf(place: PlaceKey, story: Pick<PlannedStory, 'key' | 'by' | 'locale'>, who: string) {
  const key = keyOf(story, who)
  const known: CastCustomer | undefined = customers[key]
  const isYou = key === story.by
  const isPublic = places[place].visibility === 'public'
  // Somebody who is only `you` is nobody else's `you`, even under the same name.
  const id = idOf(place, known ? key : isYou ? `${story.key}:${key}` : key)
  const email = isPublic ? undefined : known?.email
  const phone = place === 'sms' || place === 'phone' ? known?.phone : undefined
  const named = known?.name ?? (isYou ? handleOr(place, key, isPublic) : key)
  return {
    id,
    name: isPublic && known?.handle ? known.handle : named,
    ...(isPublic && { handle: known?.handle ?? handleOr(place, key, true) }),
    ...(email && { email }),
    ...(phone && { phone }),
    ...(known?.reach && isPublic && { reach: known.reach }),
    locale: known?.locale ?? story.locale,
  }
}

/** In public people go by handles; reviewers by their names. */
function handleOr(place: PlaceKey, name: string, isPublic: boolean): string {
  if (!isPublic || place === 'reviews') return name
  return name
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\s'’-]+/g, '_')
}

export function deliveryOf(
  story: PlannedStory,
  step: PlannedStep & { readonly kind: 'in' },
  parent: string | null,
): Record<string, unknown> {
  const id = `${story.key}-${step.n + 1}`
  const { id: personId, ...person } = speakerOf(story.place, story, step.who)
  const place = places[story.place]
  if (place.channel === places.chat.channel) {
    const { name, locale, email } = person
    return {
      type: 'message',
      thread: `${SCOPE}:${story.key}`,
      person: { id: `visitor:${SCOPE}:${personId}`, verified: false, name, locale, ...(email && { email }) },
      page: { url: 'https://larkmoor.example/manage' },
      id,
      text: step.text,
    }
  }
  return {
    version: 1,
    type: 'message',
    id,
    thread: {
      key: story.key,
      shape: place.shape,
      visibility: place.visibility,
      subject: story.subject,
      facts: story.facts,
    },
    author: { id: personId, scope: SCOPE, ...person },
    text: step.text,
    parent,
    data: story.data,
    at: step.at.toISOString(),
  }
}
