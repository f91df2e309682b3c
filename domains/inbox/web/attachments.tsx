import { Trans, useLingui } from '@lingui/react/macro'
import { File, FileAudio, FileText, FileVideo, Image, X, type LucideIcon } from 'lucide-react'
import { Icon } from '../../../web/ui/icon.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Describe } from './describe.tsx'
import type { Attachment } from '../contract.ts'
import { fileAddress, type Upload } from './use-uploads.ts'
import { sizeWords } from './words.ts'

const glyphs: Record<Attachment['kind'], LucideIcon> = {
  image: Image,
  audio: FileAudio,
  video: FileVideo,
  pdf: FileText,
  text: FileText,
  other: File,
}

const card =
  'flex min-h-control max-w-side items-center gap-2 rounded-control border border-line bg-raised px-2.5 py-1 text-text'

/** The files of a message: pictures are shown, the rest are cards to open. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null
  return (
    <ul className="mt-2 flex flex-wrap gap-2 first:mt-0">
      {attachments.map((attachment) => (
        <li key={attachment.id} className="max-w-full">
          <AttachmentView attachment={attachment} />
        </li>
      ))}
    </ul>
  )
}

function AttachmentView({ attachment }: { attachment: Attachment }) {
  const { t, i18n } = useLingui()
  const { id, name, kind, size, width, height, alt, state, stateReason } = attachment
  if (state !== 'stored') {
    return (
      <span className={card}>
        <Icon of={glyphs[kind]} className="text-muted" />
        <span className="min-w-0">
          <span className="block truncate">{name}</span>
          <span className="block text-small text-muted">
            {state === 'fetching' ? <Trans>Being fetched</Trans> : (stateReason ?? t`Could not be fetched`)}
          </span>
        </span>
      </span>
    )
  }
  if (kind === 'image') {
    return (
      <a href={fileAddress(id)} target="_blank" rel="noopener" className="block rounded-control">
        <img
          src={fileAddress(id)}
          alt={alt ?? name}
          loading="lazy"
          width={width ?? undefined}
          height={height ?? undefined}
          className="max-h-64 w-auto max-w-full rounded-control border border-line object-contain"
        />
      </a>
    )
  }
  return (
    <a href={fileAddress(id)} target="_blank" rel="noopener" className={`${card} hover:border-edge`}>
      <Icon of={glyphs[kind]} className="text-muted" />
      <span className="min-w-0">
        <span className="block truncate">{name}</span>
        <span className="block text-small text-muted">{sizeWords(size, i18n.locale)}</span>
      </span>
    </a>
  )
}

type PendingProps = {
  attachments: readonly Attachment[]
  uploads: readonly Upload[]
  onRemove: (id: string) => void
  /** Where the channel shows what pictures are said to be. */
  onDescribed?: ((attachment: Attachment) => void) | undefined
}

/** What will go out with the message that is being written. */
export function PendingAttachments({ attachments, uploads, onRemove, onDescribed }: PendingProps) {
  const { t, i18n } = useLingui()
  if (attachments.length === 0 && uploads.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-2 px-3 pb-2">
      {attachments.map((attachment) => {
        const { id, name, kind, size } = attachment
        return (
          <li key={id} className={card}>
            <Icon of={glyphs[kind]} className="text-muted" />
            <span className="min-w-0 truncate">{name}</span>
            <span className="shrink-0 text-small text-muted">{sizeWords(size, i18n.locale)}</span>
            {onDescribed && kind === 'image' && <Describe attachment={attachment} onDescribed={onDescribed} />}
            <IconButton
              icon={X}
              size="small"
              label={t`Remove ${name}`}
              className="-me-2"
              onClick={() => onRemove(id)}
            />
          </li>
        )
      })}
      {uploads.map(({ key, name, part, stop }) => (
        <li key={key} className={card}>
          <progress value={part} max={1} aria-label={t`Uploading ${name}`} className="h-1 w-12 accent-accent" />
          <span className="min-w-0 truncate">{name}</span>
          <IconButton icon={X} size="small" label={t`Stop uploading ${name}`} className="-me-2" onClick={stop} />
        </li>
      ))}
    </ul>
  )
}
