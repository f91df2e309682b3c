// A message as it came: its header lines, its bytes.
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { problemOf } from '../../../platform/browser/api.ts'
import { buttonClass } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import { originalsApi } from './api.ts'
import { rawAddress } from './message-menu.tsx'
import { sizeWords } from './words.ts'

type OriginalProps = { messageId: string; onClose: () => void }

const box = 'overflow-auto rounded-control border border-line bg-sunken px-3 py-2 font-mono text-small'

export function HeadersDialog({ messageId, onClose }: OriginalProps) {
  const { t } = useLingui()
  const { data, error } = useQuery({
    queryKey: ['headers', messageId],
    queryFn: async ({ signal }) => (await originalsApi.listHeaders({ params: { id: messageId } }, { signal })).items,
    staleTime: Infinity,
  })
  return (
    <Dialog open wide onOpenChange={(open) => !open && onClose()} title={t`Header lines`}>
      {error ? (
        <p>{problemOf(error).message}</p>
      ) : data ? (
        <dl dir="ltr" tabIndex={0} aria-label={t`Header lines`} className={`${box} flex max-h-96 flex-col gap-1`}>
          {data.map(({ name, value }, at) => (
            <div key={`${at} ${name}`} className="wrap-anywhere">
              <dt className="inline text-muted">{name}: </dt>
              <dd className="inline">{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <SkeletonRows rows={4} />
      )}
    </Dialog>
  )
}

const MOST_BYTES = 200_000

/** The beginning is enough to look at; the rest can be downloaded. */
async function beginningOf(id: string, signal: AbortSignal): Promise<{ text: string; bytes: number }> {
  const answer = await fetch(rawAddress(id), { signal })
  if (!answer.ok) {
    const problem = (await answer.json().catch(() => null)) as { message?: string } | null
    throw new Error(problem?.message ?? `HTTP ${answer.status}`)
  }
  const blob = await answer.blob()
  return { text: await blob.slice(0, MOST_BYTES).text(), bytes: blob.size }
}

export function RawDialog({ messageId, onClose }: OriginalProps) {
  const { t, i18n } = useLingui()
  const { data, error } = useQuery({
    queryKey: ['raw', messageId],
    queryFn: ({ signal }) => beginningOf(messageId, signal),
    staleTime: Infinity,
    retry: false,
  })
  const size = data ? sizeWords(data.bytes, i18n.locale) : ''
  const shown = sizeWords(MOST_BYTES, i18n.locale)
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t`As it came`}
      description={t`Byte for byte, as it was delivered. That you looked at it is on record.`}
      actions={
        <a href={rawAddress(messageId)} download className={buttonClass()}>
          <Icon of={Download} className="-ms-1" />
          <Trans>Download it</Trans>
        </a>
      }
    >
      {error ? (
        <p>{error.message}</p>
      ) : data ? (
        <>
          <pre dir="ltr" tabIndex={0} aria-label={t`As it came`} className={`${box} max-h-96`}>
            {data.text}
          </pre>
          {data.bytes > MOST_BYTES && (
            <p className="text-small text-muted">
              <Trans>
                The first {shown} of {size}. Download it to see the rest.
              </Trans>
            </p>
          )}
        </>
      ) : (
        <SkeletonRows rows={4} />
      )}
    </Dialog>
  )
}
