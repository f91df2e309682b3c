// What is being written: kept on the server while it is written, the same in every window, and never lost to another one.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { RefusedError } from '#platform/contract/client'
import { isRefusal } from '../../../platform/browser/api.ts'
import type { Addressees, Attachment, Draft } from '../contract.ts'
import { messagesApi } from './api.ts'
import { draftQuery, keys } from './queries.ts'

export interface Composed {
  readonly kind: 'out' | 'note'
  readonly body: string
  readonly parentId: string | null
  readonly attachments: readonly Attachment[]
  /** Null: nothing was chosen, so everybody whom the last message names. */
  readonly addressees: Addressees | null
  /** Null: that of the conversation. */
  readonly subject: string | null
  /** In which thread it shall go: its id, `first`, or null: where what it answers stands. */
  readonly thread: string | null
  readonly warning: string | null
}

export type SaveState = 'saved' | 'saving' | 'unsaved' | 'failed'

export interface DraftHandle {
  readonly composed: Composed
  readonly change: (patch: Partial<Composed>) => void
  readonly saveState: SaveState
  /** What another window made of it meanwhile; null while nothing is in doubt. */
  readonly other: Draft | null
  readonly keep: (which: 'mine' | 'other') => void
  /** Empties it, after it was sent: the server has removed it then, or `stored` says that it still has it. */
  readonly clear: (stored?: 'stored') => void
  /** Resolves when nothing is unsaved. */
  readonly flush: () => Promise<void>
}

const PAUSE_MS = 600
const empty: Composed = {
  kind: 'out',
  body: '',
  parentId: null,
  attachments: [],
  addressees: null,
  subject: null,
  thread: null,
  warning: null,
}

/** The composers on the page, so that Undo can wait for what was written since. */
const flushes = new Map<string, () => Promise<void>>()
export const flushDraft = (conversationId: string): Promise<void> =>
  flushes.get(conversationId)?.() ?? Promise.resolve()

const composedOf = (draft: Draft | null): Composed => {
  if (!draft) return empty
  const { kind, body, parentId, attachments, addressees, subject, thread, warning } = draft
  return { kind, body, parentId, attachments, addressees, subject, thread, warning }
}

export function useDraft(conversationId: string, enabled: boolean): DraftHandle {
  const client = useQueryClient()
  const { data: stored } = useQuery({ ...draftQuery(conversationId), enabled })
  const [composed, setComposed] = useState<Composed>(() => composedOf(stored ?? null))
  const [saveState, setSaveState] = useState<SaveState>('saved')
  const [other, setOther] = useState<Draft | null>(null)
  const now = useRef({ composed, version: stored?.version ?? 0, dirty: false, saving: false, touched: false })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const chain = useRef<Promise<void>>(Promise.resolve())

  const show = useCallback((next: Composed) => {
    now.current.composed = next
    setComposed(next)
  }, [])

  // Somebody (this person elsewhere, or Undo) changed it: taken over unless something here is unsaved.
  useEffect(() => {
    const state = now.current
    if (stored === undefined || state.dirty || state.saving) return
    if ((stored?.version ?? 0) === state.version && state.touched) return
    state.version = stored?.version ?? 0
    state.touched = true
    show({ ...composedOf(stored), ...(stored === null && { kind: state.composed.kind }) })
  }, [stored, show])

  const saveOnce = useCallback(async () => {
    const state = now.current
    if (!state.dirty || !enabled) return
    state.dirty = false
    state.saving = true
    setSaveState('saving')
    const { kind, body, parentId, attachments, addressees, subject, thread, warning } = state.composed
    const attachmentIds = attachments.map(({ id }) => id)
    try {
      const { draft } = await messagesApi.saveDraft({
        params: { id: conversationId },
        body: { kind, body, parentId, attachmentIds, addressees, subject, thread, warning, version: state.version },
      })
      state.version = draft?.version ?? 0
      client.setQueryData(keys.draft(conversationId), draft)
      setSaveState(state.dirty ? 'unsaved' : 'saved')
    } catch (error) {
      state.dirty = true
      setSaveState('failed')
      if (isRefusal(error, 'inbox.changed_meanwhile') && error instanceof RefusedError) {
        const there = (error.problem.details?.['draft'] as Draft | null) ?? { ...nothing, conversationId }
        if (there.body !== body || there.kind !== kind) return setOther(there)
        // The same words, written twice: nobody has to choose.
        state.version = there.version
        state.dirty = state.composed.body !== body
        setSaveState(state.dirty ? 'unsaved' : 'saved')
      }
    } finally {
      state.saving = false
    }
  }, [client, conversationId, enabled])

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    chain.current = chain.current.then(saveOnce)
    return chain.current
  }, [saveOnce])

  const change = useCallback(
    (patch: Partial<Composed>) => {
      const state = now.current
      state.dirty = true
      state.touched = true
      setSaveState('unsaved')
      show({ ...state.composed, ...patch })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void flush(), PAUSE_MS)
    },
    [flush, show],
  )

  const clear = useCallback(
    (kept?: 'stored') => {
      clearTimeout(timer.current)
      const state = now.current
      state.dirty = false
      setSaveState('saved')
      show({ ...empty, kind: 'out' })
      if (kept) {
        state.dirty = true
        void flush()
        return
      }
      state.version = 0
      client.setQueryData(keys.draft(conversationId), null)
    },
    [client, conversationId, flush, show],
  )

  const keep = useCallback(
    (which: 'mine' | 'other') => {
      const state = now.current
      if (!other) return
      state.version = other.version
      setOther(null)
      if (which === 'mine') {
        state.dirty = true
        void flush()
        return
      }
      state.dirty = false
      setSaveState('saved')
      show(composedOf(other))
      client.setQueryData(keys.draft(conversationId), other.version === 0 ? null : other)
    },
    [client, conversationId, flush, other, show],
  )

  useEffect(() => {
    flushes.set(conversationId, flush)
    const onHide = () => void flush()
    addEventListener('pagehide', onHide)
    return () => {
      removeEventListener('pagehide', onHide)
      flushes.delete(conversationId)
      void flush()
    }
  }, [conversationId, flush])

  return { composed, change, saveState, other, keep, clear, flush }
}

const nothing: Omit<Draft, 'conversationId'> = { ...empty, attachments: [], version: 0, updatedAt: '' }
