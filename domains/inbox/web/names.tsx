// Names behind ids: colleagues, teams, labels, channels. Loaded once, kept fresh by events.
import { useQuery } from '@tanstack/react-query'
import { Mail, Megaphone, MessageCircle, Phone, type LucideIcon } from 'lucide-react'
import { useMemo } from 'react'
import { channelsQuery, colleaguesQuery, labelsQuery, teamsQuery } from './queries.ts'

const byId = <T extends { id: string }>(items: readonly T[] | undefined): ReadonlyMap<string, T> =>
  new Map(items?.map((item) => [item.id, item]))

export function useColleagues() {
  const { data } = useQuery(colleaguesQuery)
  return useMemo(() => byId(data), [data])
}

export function useTeams() {
  const { data } = useQuery(teamsQuery)
  return useMemo(() => byId(data), [data])
}

export function useLabels() {
  const { data } = useQuery(labelsQuery)
  return useMemo(() => byId(data), [data])
}

export function useChannels() {
  const { data } = useQuery(channelsQuery)
  return useMemo(() => byId(data), [data])
}

/** The glyph of a place: drawn from what it can do, so that a new channel has one at once. */
export function glyphOf(handle: unknown, visibility: 'public' | 'private'): LucideIcon {
  if (visibility === 'public') return Megaphone
  if (handle === 'address') return Mail
  return handle === 'phone' ? Phone : MessageCircle
}
