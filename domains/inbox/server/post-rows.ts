// What a page of messages shows of networks: posts, who wrote them, in which thread they stand, what was asked of the platform.
import { sql } from 'kysely'
import type { Recipient } from '#channels/connector'
import { pictureAddress } from '#customers/server'
import type { Embed, Message, MessageAuthor, Moderation, Poll } from '../contract.ts'
import { engagementOf } from './engagement.ts'

export type PostFacts = Pick<
  Message,
  'url' | 'warning' | 'embeds' | 'poll' | 'engagement' | 'author' | 'threadId' | 'moderations'
>

export type OpeningTo = (person: Recipient) => string

interface PostRow {
  readonly url: string | null
  readonly warning: string | null
  readonly embeds: Embed[] | null
  readonly poll: Poll | null
  readonly counts: unknown
  readonly deeds: unknown
  readonly threadId: string | null
  readonly identityId: string | null
  readonly externalId: string
  readonly scope: string
  readonly handle: string | null
  readonly profileUrl: string | null
  readonly isBot: boolean | null
  readonly reach: number | null
  readonly gone: boolean | null
  readonly sha256: string | null
  readonly moderations: Moderation[] | null
}

/** All of it as one column of a query over `messages as m`. */
export const postColumn = sql<PostRow>`(
  select jsonb_build_object('url', p.url, 'warning', p.warning, 'embeds', p.embeds, 'poll', p.poll, 'counts', p.counts, 'deeds', p.deeds,
    'threadId', t.id, 'identityId', i.id, 'externalId', i.external_id, 'scope', i.scope, 'handle', i.handle, 'profileUrl', i.profile_url, 'isBot', i.is_bot, 'reach', i.reach,
    'gone', i.gone_at is not null, 'sha256', f.sha256, 'moderations', (
      select jsonb_agg(jsonb_build_object('id', o.id, 'action', o.action, 'reason', o.reason, 'state', o.state,
        'stateReason', o.state_reason, 'askedBy', o.asked_by,
        'askedAt', to_char(o.asked_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by o.asked_at)
      from moderations o where o.workspace_id = m.workspace_id and o.message_id = m.id))
  from (select) as one
  left join message_posts p on p.workspace_id = m.workspace_id and p.message_id = m.id
  left join identities i on i.workspace_id = m.workspace_id and i.id = m.identity_id
  left join identity_pictures f on f.workspace_id = m.workspace_id and f.identity_id = m.identity_id and f.sha256 is not null
  left join conversation_threads t on m.thread_key is not null and t.workspace_id = m.workspace_id
    and t.conversation_id = m.conversation_id and t.thread_key = m.thread_key
)`

/** @param openingTo what an answer to a person begins with */
export const postFactsOf = (row: PostRow, openingTo: OpeningTo): PostFacts => ({
  url: row.url,
  warning: row.warning,
  embeds: row.embeds ?? [],
  poll: row.poll,
  engagement: engagementOf(row.counts, row.deeds),
  author: authorOf(row, openingTo),
  threadId: row.threadId,
  moderations: row.moderations ?? [],
})

function authorOf(row: PostRow, openingTo: OpeningTo): MessageAuthor | null {
  if (row.identityId === null) return null
  const { externalId, scope, handle, profileUrl, isBot, gone, reach } = row
  const picture = pictureAddress(row.identityId, row.sha256)
  const opening = openingTo({ externalId, scope, handle })
  return { handle, profileUrl, picture, isBot: isBot!, gone: gone!, reach, opening }
}
