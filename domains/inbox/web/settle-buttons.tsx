import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import type { Message } from '../contract.ts'
import { messagesApi } from './api.ts'
import { dropMessage, putMessage } from './cache.ts'
import { keys, messagesQuery } from './queries.ts'

/** Whether parts of the same thread wait behind this one. */
function useHasRest({ conversationId, chain }: Message): boolean {
  const { data } = useInfiniteQuery({ ...messagesQuery(conversationId), enabled: chain !== null })
  return (data?.pages ?? []).some(({ items }) =>
    items.some(
      (one) => one.chain?.id === chain?.id && (one.chain?.index ?? 0) > (chain?.index ?? 0) && one.state === 'queued',
    ),
  )
}

/** What can be done about an answer that failed or is in doubt, as far as this person may. Nothing for any other. */
export function SettleButtons({ message }: { message: Message }) {
  const { t } = useLingui()
  const may = useMay()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const { id, conversationId, state, chain } = message
  const hasRest = useHasRest(message)
  const params = { id }
  const isFailed = state === 'failed'
  const mayDecide = may('inbox.decide_unknown')

  const ask = async (call: () => Promise<Message | void>) => {
    setBusy(true)
    try {
      const answer = await call()
      if (answer) putMessage(client, answer)
      else dropMessage(client, conversationId, id)
      await client.invalidateQueries({ queryKey: keys.unsettled })
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
    } finally {
      setBusy(false)
    }
  }
  const decide = (decision: 'arrived' | 'send_again') =>
    void ask(() => messagesApi.decideUnknown({ params, body: { decision } }))

  if (!isFailed && state !== 'unknown') return null
  return (
    <span className="flex flex-wrap items-center gap-2">
      {isFailed && may('inbox.reply') && (
        <Button size="small" busy={busy} onClick={() => void ask(() => messagesApi.retryMessage({ params }))}>
          <Trans>Try again</Trans>
        </Button>
      )}
      {!isFailed && mayDecide && (
        <>
          <Button size="small" busy={busy} onClick={() => decide('arrived')}>
            <Trans>It arrived</Trans>
          </Button>
          <Button size="small" busy={busy} onClick={() => decide('send_again')}>
            <Trans>It did not: send again</Trans>
          </Button>
        </>
      )}
      {mayDecide && chain !== null && hasRest && (
        <Button
          size="small"
          busy={busy}
          onClick={() => void ask(() => messagesApi.discardMessage({ params, body: { sendRest: true } }))}
        >
          <Trans>Send the rest anyway</Trans>
        </Button>
      )}
      {mayDecide && (
        <Button size="small" look="plain" disabled={busy} onClick={() => setAsking(true)}>
          <Trans>Discard</Trans>
        </Button>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t`Discard this answer?`}
        description={
          isFailed ? (
            <Trans>
              It is never sent and leaves the thread, where a line says so. The customer waits for us again.
            </Trans>
          ) : (
            <Trans>
              It is not sent again and leaves the thread, where a line says so. Should it have arrived after all, the
              customer has read it.
            </Trans>
          )
        }
        action={t`Discard`}
        danger
        onConfirm={() => void ask(() => messagesApi.discardMessage({ params, body: {} }))}
      />
    </span>
  )
}
