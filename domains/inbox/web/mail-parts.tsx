// Around the box where an answer may go to several: the second word before strangers get it, and how it will look.
import { Trans, useLingui } from '@lingui/react/macro'
import { Eye } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '../../../platform/browser/session.tsx'
import { Confirm } from '../../../web/ui/confirm.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Tabs } from '../../../web/ui/tabs.tsx'
import { MarkdownText } from './markdown-text.tsx'

type StrangersProps = { addresses: readonly string[]; onConfirm: () => void; onClose: () => void }

export function ConfirmStrangers({ addresses, onConfirm, onClose }: StrangersProps) {
  const { t } = useLingui()
  const who = addresses.join(', ')
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={t`Send it to somebody new?`}
      description={
        <Trans>
          <bdi className="font-medium text-text">{who}</bdi> took no part in this conversation so far. Whoever gets this
          answer can read what you write in it.
        </Trans>
      }
      action={t`Send`}
      onConfirm={onConfirm}
    />
  )
}

/** The same words twice, as the two halves of a mail: drawn, and plain. */
type PreviewProps = { body: string; signature: string; size?: 'normal' | 'small' }

export function MailPreview({ body, signature, size = 'small' }: PreviewProps) {
  const { t } = useLingui()
  const below = useSigned(signature)
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton
        icon={Eye}
        size={size}
        label={t`Preview`}
        disabled={body.trim() === ''}
        onClick={() => setOpen(true)}
      />
      {open && (
        <Dialog open wide onOpenChange={setOpen} title={t`How it will look`}>
          <Tabs
            label={t`How it will look`}
            items={[
              {
                value: 'html',
                label: t`Formatted`,
                content: (
                  <div className="max-h-96 overflow-y-auto">
                    <MarkdownText text={body} />
                    {below && <MarkdownText text={below} className="mt-4 text-muted" />}
                  </div>
                ),
              },
              {
                value: 'plain',
                label: t`Plain`,
                content: (
                  <pre
                    dir="auto"
                    tabIndex={0}
                    aria-label={t`Plain`}
                    className="max-h-96 overflow-y-auto font-mono text-small whitespace-pre-wrap wrap-anywhere"
                  >
                    {below ? `${body.trimEnd()}\n\n-- \n${below}` : body}
                  </pre>
                ),
              },
            ]}
          />
          <p className="text-small text-muted">
            <Trans>Every mail carries both; the reader’s program chooses.</Trans>
          </p>
        </Dialog>
      )}
    </>
  )
}

/** The signature as this person sends it. */
function useSigned(signature: string): string {
  const { memberName } = useSession()
  return signature.replaceAll('{agent}', memberName)
}

/** What comes below by itself, so that nobody types it. */
export function Signature({ text }: { text: string }) {
  const { t } = useLingui()
  const below = useSigned(text)
  if (below === '') return null
  return (
    <section aria-label={t`Signature`} className="mx-3 mb-2 border-t border-line pt-2 text-small text-muted">
      <MarkdownText text={below} className="max-h-24 overflow-y-auto" />
    </section>
  )
}
