// Names behind ids: colleagues, teams, labels, channels. Loaded once, kept fresh by events.
import { useQuery } from '@tanstack/react-query'
import { Mail, Megaphone, MessageCircle, Phone, type LucideIcon } from 'lucide-react'
import { channelsQuery, colleaguesQuery, labelsQuery, teamsQuery } from './queries.ts'

const maps = new WeakMap<object, ReadonlyMap<string, unknown>>()

/** Made once of what was fetched, however many rows ask. */
function byId<T extends { id: string }>(items: readonly T[] | undefined): ReadonlyMap<string, T> {
  if (!items) return nothing
  const known = maps.get(items) ?? new Map(items.map((item) => [item.id, item]))
  maps.set(items, known)
  return known as ReadonlyMap<string, T>
}
const nothing: ReadonlyMap<string, never> = new Map<string, never>()

export function useColleagues() {
  const { data } = useQuery(colleaguesQuery)
  return byId(data)
}

export function useTeams() {
  const { data } = useQuery(teamsQuery)
  return byId(data)
}

export function useLabels() {
  const { data } = useQuery(labelsQuery)
  return byId(data)
}

export function useChannels() {
  const { data } = useQuery(channelsQuery)
  return byId(data)
}

/** The glyph of a place: drawn from what it can do, so that a new channel has one at once. */
export function glyphOf(handle: unknown, visibility: 'public' | 'private'): LucideIcon {
  if (visibility === 'public') return Megaphone
  if (handle === 'address') return Mail
  return handle === 'phone' ? Phone : MessageCircle
}
