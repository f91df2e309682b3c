import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, startTransition, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { announce } from '../../../web/ui/announce.tsx'
import { Columns } from '../../../web/ui/columns.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Kbd } from '../../../web/ui/kbd.tsx'
import { whenQuiet } from '../../../web/ui/later.ts'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import { useKeysFor, useShortcuts } from '../../../web/ui/use-shortcuts.tsx'
import type { VirtualListHandle } from '../../../web/ui/virtual-list.tsx'
import { usePresent } from '../../workspaces/web/index.ts'
import type { Conversation, ConversationSummary } from '../contract.ts'
import { BulkBar } from './bulk-bar.tsx'
import { ConversationList } from './conversation-list.tsx'
import { OpeningConversation } from './opening-conversation.tsx'
import { conversationQuery } from './queries.ts'
import { UnsettledEntry } from './unsettled-entry.tsx'
import { useActions } from './use-actions.ts'
import { useConversationList, usePrefetch } from './use-list.ts'
import { ViewsBar } from './views-bar.tsx'
import { checkInboxSearch } from './views.ts'

// The list stands first. What shows one conversation comes behind it, unless the address asks for one at once.
const loadPane = () => import('./conversation-pane.tsx')
const loadSide = () => import('./customer-side.tsx')
const ConversationPane = lazy(async () => ({ default: (await loadPane()).ConversationPane }))
const PausedStrip = lazy(async () => ({ default: (await import('./paused-strip.tsx')).PausedStrip }))
const CustomerSide = lazy(async () => ({ default: (await loadSide()).CustomerSide }))
whenQuiet(() => void Promise.all([loadPane(), loadSide()]).catch(() => {}))

/** List, thread, customer. */
export function InboxScreen() {
  const { t } = useLingui()
  const search = checkInboxSearch(useSearch({ strict: false }) as Record<string, unknown>)
  const { conversationId: openId } = useParams({ strict: false }) as { conversationId?: string }
  const navigate = useNavigate()
  const client = useQueryClient()
  const may = useMay()
  const { outboundPausedReason } = usePresent()
  const actions = useActions()
  const prefetch = usePrefetch()
  const list = useConversationList(search)
  const { rows } = list
  const handle = useRef<VirtualListHandle>(null)
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [shown, setShown] = useState(openId)
  if (shown !== openId) {
    setShown(openId)
    if (openId) setFocusedId(openId)
  }

  const open = (id: string | undefined, replace = false) =>
    void navigate({
      to: '/inbox/{-$conversationId}',
      params: { conversationId: id },
      search: (before) => before,
      replace,
    })

  const { data: conversation } = useQuery({ ...conversationQuery(openId ?? ''), enabled: openId !== undefined })
  const beside = useOnceDrawn(conversation)
  const hasSide = openId !== undefined && beside !== undefined && may('customers.read')
  const side = useMemo(
    () =>
      hasSide ? (
        <Suspense fallback={<SkeletonRows />}>
          <CustomerSide conversation={beside} />
        </Suspense>
      ) : null,
    [hasSide, beside],
  )
  const at = rows.findIndex(({ id }) => id === (focusedId ?? openId))
  const next = rows[at + 1] ?? rows[at - 1]
  const nextId = next?.id
  // The next one is there before it is asked for.
  useEffect(() => {
    if (openId && nextId) prefetch(nextId)
  }, [openId, nextId, prefetch])

  const step = (by: number) => handle.current?.move(by)
  const onFocused = (row: ConversationSummary, moved: boolean) => {
    setFocusedId(row.id)
    if (moved && openId) open(row.id, true)
  }
  const toggle = useCallback(
    (id: string) =>
      setChosen((before) => {
        const after = new Set(before)
        if (!after.delete(id)) after.add(id)
        return after
      }),
    [],
  )
  const present = (): ConversationSummary | Conversation | undefined =>
    (openId ? client.getQueryData(conversationQuery(openId).queryKey) : undefined) ?? rows[at]
  const goOn = () => {
    if (openId) open(nextId, true)
    else if (nextId) setFocusedId(nextId)
  }
  const resolve = (andNext: boolean) => {
    if (chosen.size > 0) return resolveChosen()
    const row = present()
    if (!row || row.state === 'resolved' || !may('inbox.resolve')) return
    if (andNext || !openId) goOn()
    void actions.resolve([row])
  }
  const chosenRows = () => rows.filter(({ id }) => chosen.has(id))
  const resolveChosen = () => {
    void actions.resolve(chosenRows().filter(({ state }) => state !== 'resolved'))
    setChosen(new Set())
  }

  const turnOrder = () => {
    const { sort, ...rest } = search
    void navigate({
      to: '/inbox/{-$conversationId}',
      params: (before) => before,
      search: sort ? rest : { ...rest, sort: 'priority' },
      replace: true,
    })
    announce(sort ? t`Newest activity first` : t`Most urgent first`)
  }

  const group = t`Conversations`
  useShortcuts([
    { id: 'inbox.next', keys: 'j', label: t`Next conversation`, group, run: () => step(1) },
    { id: 'inbox.previous', keys: 'k', label: t`Previous conversation`, group, run: () => step(-1) },
    { id: 'inbox.open', keys: 'enter', label: t`Open`, group, run: () => rows[at] && open(rows[at].id) },
    { id: 'inbox.back', keys: 'u', label: t`Back to the list`, group, run: () => openId && open(undefined) },
    { id: 'inbox.choose', keys: 'x', label: t`Choose`, group, run: () => rows[at] && toggle(rows[at].id) },
    { id: 'inbox.order', keys: 'p', label: t`Most urgent first, or newest first`, group, run: () => turnOrder() },
    ...(may('inbox.resolve')
      ? [
          { id: 'inbox.resolve', keys: 'e', label: t`Resolve`, group, run: () => resolve(false) },
          { id: 'inbox.resolve-next', keys: 'shift+e', label: t`Resolve and next`, group, run: () => resolve(true) },
        ]
      : []),
  ])

  return (
    <>
      <h1 className="sr-only">
        <Trans>Inbox</Trans>
      </h1>
      {/* Whoever writes an answer should know before that none leaves. */}
      {outboundPausedReason !== null && (
        <Suspense>
          <PausedStrip />
        </Suspense>
      )}
      <Columns
        phoneShows={openId ? 'content' : 'list'}
        {...(side && { side, sideLabel: t`Customer` })}
        listLabel={t`Conversations`}
        list={
          <>
            {chosen.size > 0 ? (
              <BulkBar
                count={chosen.size}
                onResolve={resolveChosen}
                onAssign={(to) => {
                  void actions.assign(chosenRows(), to)
                  setChosen(new Set())
                }}
                onClear={() => setChosen(new Set())}
              />
            ) : (
              <ViewsBar search={search} />
            )}
            <UnsettledEntry />
            <ConversationList
              {...{ search, list, openId, focusedId, chosen, handle, onFocused }}
              onChoose={toggle}
              onNear={prefetch}
            />
          </>
        }
      >
        {openId ? (
          <Suspense fallback={<OpeningConversation key={openId} id={openId} />}>
            <ConversationPane id={openId} onResolve={(_, andNext) => resolve(andNext)} onNext={goOn} />
          </Suspense>
        ) : (
          <NothingOpen />
        )}
      </Columns>
    </>
  )
}

/** The value, once the screen was drawn with it: what is said comes first, and who says it the moment after. */
function useOnceDrawn<T>(value: T): T {
  const [drawn, setDrawn] = useState(value)
  useEffect(() => {
    const frame = requestAnimationFrame(() => startTransition(() => setDrawn(value)))
    return () => cancelAnimationFrame(frame)
  }, [value])
  return drawn
}

function NothingOpen() {
  const { t } = useLingui()
  const next = useKeysFor('inbox.next', 'j')
  const open = useKeysFor('inbox.open', 'enter')
  return (
    <div className="flex flex-1 flex-col justify-center">
      <EmptyState title={t`Choose a conversation`}>
        {next && open && (
          <Trans>
            <Kbd keys={next} /> goes to the next one, <Kbd keys={open} /> opens it.
          </Trans>
        )}
      </EmptyState>
    </div>
  )
}
