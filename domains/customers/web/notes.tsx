import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { TextArea } from '../../../web/ui/text-area.tsx'
import type { Customer } from '../contract.ts'
import { PanelPart } from './panel-part.tsx'
import { customerNotesQuery, customersApi } from './queries.ts'

/** What colleagues noted about a person, beside any conversation. */
export function Notes({
  customer: { id },
  nameOf,
}: {
  customer: Customer
  nameOf: (memberId: string | null) => string
}) {
  const { t } = useLingui()
  const may = useMay()
  const client = useQueryClient()
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(customerNotesQuery(id))
  const [text, setText] = useState('')
  const notes = data?.pages.flatMap(({ items }) => items) ?? []
  const edits = may('customers.edit')
  const ask = async (call: () => Promise<unknown>) => {
    try {
      await call()
      await client.invalidateQueries({ queryKey: customerNotesQuery(id).queryKey })
      return true
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
      return false
    }
  }
  if (notes.length === 0 && !edits) return null
  return (
    <PanelPart title={t`Notes about them`}>
      {notes.map((note) => (
        <article key={note.id} className="rounded-control border border-line bg-note px-3 py-2">
          <p dir="auto" className="break-words whitespace-pre-wrap">
            {note.body}
          </p>
          <p className="mt-1 flex items-center gap-2 text-small text-muted">
            <bdi className="min-w-0 truncate">{nameOf(note.authorId)}</bdi>
            <RelativeTime at={note.createdAt} className="shrink-0" />
            {edits && (
              <Confirm
                title={t`Remove this note?`}
                description={t`It is gone for everybody.`}
                action={t`Remove`}
                danger
                onConfirm={() => void ask(() => customersApi.removeCustomerNote({ params: { id, noteId: note.id } }))}
                trigger={
                  <IconButton icon={Trash2} size="small" label={t`Remove this note`} className="ms-auto -my-1" />
                }
              />
            )}
          </p>
        </article>
      ))}
      {hasNextPage && (
        <Button size="small" look="plain" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          <Trans>Older notes</Trans>
        </Button>
      )}
      {edits && (
        <form
          className="flex flex-col items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void ask(() => customersApi.writeCustomerNote({ params: { id }, body: { body: text.trim() } })).then(
              (taken) => taken && setText(''),
            )
          }}
        >
          <TextArea
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || text.trim() === '') return
              event.preventDefault()
              event.currentTarget.form?.requestSubmit()
            }}
            className="w-full"
            label={t`A note about them`}
            hideLabel
            placeholder={t`For colleagues, whichever conversation it is`}
            rows={1}
            value={text}
            onValueChange={setText}
            maxLength={10_000}
          />
          {text.trim() !== '' && (
            <Button size="small" type="submit">
              <Trans>Note it</Trans>
            </Button>
          )}
        </form>
      )}
    </PanelPart>
  )
}
