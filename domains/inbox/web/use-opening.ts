// The first message that somebody is writing: kept on the server while it is written, so that a reload or another device loses
// nothing.
import { queryOptions, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { RefusedError } from '#platform/contract/client'
import { isRefusal } from '../../../platform/browser/api.ts'
import type { Addressees, Attachment, OpeningDraft } from '../contract.ts'
import { messagesApi } from './api.ts'
import type { SaveState } from './use-draft.ts'

export interface Opening {
  readonly connectionId: string | null
  readonly addressees: Addressees
  readonly subject: string
  readonly body: string
  readonly attachments: readonly Attachment[]
}

export const openingQuery = queryOptions({
  queryKey: ['opening'],
  queryFn: async ({ signal }) => (await messagesApi.getOpeningDraft({}, { signal })).draft,
})

const PAUSE_MS = 600
const nothing: Opening = {
  connectionId: null,
  addressees: { to: [], cc: [], bcc: [] },
  subject: '',
  body: '',
  attachments: [],
}

/** Brings back what was thrown away. */
export async function restoreOpening(client: QueryClient, { attachments, ...words }: Opening): Promise<void> {
  const { draft } = await messagesApi.saveOpeningDraft({
    body: { ...words, attachmentIds: attachments.map(({ id }) => id), version: 0 },
  })
  client.setQueryData(openingQuery.queryKey, draft)
}

/** @param stored what the server had when writing began. */
export function useOpening(stored: OpeningDraft | null) {
  const client = useQueryClient()
  const [opening, setOpening] = useState<Opening>(stored ?? nothing)
  const [saveState, setSaveState] = useState<SaveState>('saved')
  const now = useRef({ opening, version: stored?.version ?? 0, dirty: false })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const chain = useRef<Promise<void>>(Promise.resolve())

  const saveOnce = useCallback(async () => {
    const state = now.current
    if (!state.dirty) return
    state.dirty = false
    setSaveState('saving')
    const { attachments, connectionId, addressees, subject, body } = state.opening
    const words = { connectionId, addressees, subject, body, attachmentIds: attachments.map(({ id }) => id) }
    const save = (version: number) => messagesApi.saveOpeningDraft({ body: { ...words, version } })
    try {
      const { draft } = await save(state.version).catch((error: unknown) => {
        if (!isRefusal(error, 'inbox.changed_meanwhile') || !(error instanceof RefusedError)) throw error
        // Written on in two windows: the one that somebody is typing in counts.
        return save((error.problem.details?.['draft'] as OpeningDraft | null)?.version ?? 0)
      })
      state.version = draft?.version ?? 0
      client.setQueryData(openingQuery.queryKey, draft)
      setSaveState(state.dirty ? 'unsaved' : 'saved')
    } catch {
      state.dirty = true
      setSaveState('failed')
    }
  }, [client])

  const flush = useCallback((): Promise<void> => {
    clearTimeout(timer.current)
    chain.current = chain.current.then(saveOnce)
    return chain.current
  }, [saveOnce])

  const change = useCallback(
    (patch: Partial<Opening>) => {
      now.current.opening = { ...now.current.opening, ...patch }
      now.current.dirty = true
      setOpening(now.current.opening)
      setSaveState('unsaved')
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void flush(), PAUSE_MS)
    },
    [flush],
  )

  /** It was sent: the server has removed it with that. */
  const forget = useCallback(() => {
    clearTimeout(timer.current)
    now.current.dirty = false
    client.setQueryData(openingQuery.queryKey, null)
  }, [client])

  const discard = useCallback(() => {
    change(nothing)
    return flush()
  }, [change, flush])

  useEffect(() => {
    const onHide = () => void flush()
    addEventListener('pagehide', onHide)
    return () => {
      removeEventListener('pagehide', onHide)
      void flush()
    }
  }, [flush])

  const add = useCallback(
    (attachment: Attachment) => change({ attachments: [...now.current.opening.attachments, attachment] }),
    [change],
  )
  return { opening, change, add, saveState, flush, forget, discard }
}
