import { Trans, useLingui } from '@lingui/react/macro'
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Search, SearchX } from 'lucide-react'
import { problemOf } from '../../../platform/browser/api.ts'
import { useMay } from '../../../platform/browser/session.tsx'
import { Avatar } from '../../../web/ui/avatar.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { customersSearchQuery } from '../../customers/web/index.ts'
import { conversationStates } from '../contract.ts'
import { conversationsApi, messagesApi } from './api.ts'
import { markWords } from './mark-words.ts'
import { useChannels } from './names.tsx'
import { MoreButton, PagedList } from './paged-list.tsx'
import { usePlaceName } from './place.tsx'

type Hit = Awaited<ReturnType<typeof messagesApi.searchMessages>>['items'][number]

const searchQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['search', q],
    queryFn: ({ pageParam, signal }) =>
      messagesApi.searchMessages({ query: { q, ...(pageParam && { after: pageParam }) } }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: q !== '',
    // Nothing tells when an answer to a search changes, so it is asked anew each time.
    staleTime: 0,
  })

/** Messages with these words, newest first. */
export function SearchScreen() {
  const { t } = useLingui()
  const { q = '' } = useSearch({ strict: false }) as { q?: string }
  const query = useInfiniteQuery({ ...searchQuery(q), placeholderData: keepPreviousData })
  const may = useMay()
  const hits = query.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <div className="mx-auto flex w-full max-w-dialog-wide flex-col gap-4 px-4 py-6">
      <h1 className="text-title">{q === '' ? <Trans>Search</Trans> : <Trans>Found for “{q}”</Trans>}</h1>
      {q === '' && (
        <EmptyState icon={Search} title={t`What are you looking for?`}>
          <Trans>Words of a message, “an exact phrase”, or -without a word.</Trans>
        </EmptyState>
      )}
      {may('customers.read') && <People q={q} />}
      {q !== '' && (
        <PagedList
          query={query}
          count={hits.length}
          failed={t`The search did not work`}
          rows={5}
          empty={
            query.hasNextPage ? (
              <EmptyState icon={SearchX} title={t`Nothing among the newest messages`}>
                <Trans>
                  Many messages have these words, and none of the newest is one that you may see. Look further back.
                </Trans>
              </EmptyState>
            ) : (
              <EmptyState icon={SearchX} title={t`No message has these words`}>
                <Trans>Only conversations that you may see are searched. Try fewer words.</Trans>
              </EmptyState>
            )
          }
        >
          <ul className="flex flex-col overflow-hidden rounded-panel border border-line bg-raised">
            {hits.map((hit) => (
              <HitRow key={hit.messageId} hit={hit} q={q} />
            ))}
          </ul>
        </PagedList>
      )}
      <MoreButton query={query} />
    </div>
  )
}

function HitRow({ hit: { conversation, messageId, occurredAt, excerpt }, q }: { hit: Hit; q: string }) {
  const { t } = useLingui()
  const name = conversation.customerName ?? t`Unknown person`
  const place = usePlaceName(conversation)
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        to="/inbox/{-$conversationId}"
        params={{ conversationId: conversation.id }}
        hash={`message-${messageId}`}
        className="flex gap-3 px-3 py-2.5 ring-inside hover:bg-hover"
      >
        <Avatar name={name} colourKey={conversation.customerId} decorative />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <bdi className="min-w-0 truncate font-medium">{name}</bdi>
            <bdi className="min-w-0 flex-1 shrink-2 truncate text-small text-muted">{place}</bdi>
            <RelativeTime at={occurredAt} className="shrink-0 text-small whitespace-nowrap text-muted" />
          </span>
          <bdi className="line-clamp-2 text-muted">
            {markWords(excerpt, q).map((part, at) =>
              part.found ? (
                <mark key={at} className="rounded-mark bg-tint px-0.5 font-medium text-text">
                  {part.text}
                </mark>
              ) : (
                part.text
              ),
            )}
          </bdi>
        </span>
      </Link>
    </li>
  )
}

/** People who fit; opening one leads to what they last wrote. */
function People({ q }: { q: string }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const places = useChannels()
  const { data = [] } = useQuery(customersSearchQuery(q))
  const open = async (customer: string, name: string) => {
    for (const state of conversationStates) {
      const { items } = await conversationsApi.listConversations({ query: { state, customer, limit: 1 } })
      const [first] = items
      if (first) return navigate({ to: '/inbox/{-$conversationId}', params: { conversationId: first.id } })
    }
    notify(t`${name} has no conversation that you may see.`)
  }
  if (q === '' || data.length === 0) return null
  return (
    <section aria-label={t`People`}>
      <ul className="flex flex-wrap gap-2">
        {data.map(({ id, name: known, channels }) => {
          const name = known ?? t`Unknown person`
          return (
            <li key={id} className="max-w-full">
              <button
                type="button"
                onClick={() =>
                  void open(id, name).catch((error: unknown) => notify(problemOf(error).message, { tone: 'danger' }))
                }
                className="flex min-h-11 max-w-full items-center gap-2 rounded-panel border border-line bg-raised py-1.5 ps-2 pe-3 text-start hover:bg-hover"
              >
                <Avatar name={name} colourKey={id} size="small" decorative />
                <span className="min-w-0">
                  <bdi className="block truncate font-medium">{name}</bdi>
                  <span className="block truncate text-small text-muted">
                    {channels.map((channel) => places.get(channel)?.name ?? channel).join(', ')}
                  </span>
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
