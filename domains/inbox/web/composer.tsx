import { Trans, useLingui } from '@lingui/react/macro'
import { CircleAlert, EyeOff, Reply, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { limitsBehind } from '#platform/contract/length'
import { openedWith } from '#platform/contract/opening'
import { useMay } from '../../../platform/browser/session.tsx'
import { CounterRing } from '../../../web/ui/counter-ring.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { useStored } from '../../../web/ui/stored.ts'
import { SplitButton } from '../../../web/ui/split-button.tsx'
import { useKeysFor, useShortcuts } from '../../../web/ui/use-shortcuts.tsx'
import type { Conversation, Message } from '../contract.ts'
import { PendingAttachments } from './attachments.tsx'
import { ComposerState, DraftConflict, Gates, SaveWords, WhoWrites } from './composer-parts.tsx'
import { asksForAlt, ConfirmUndescribed, undescribed } from './describe.tsx'
import { takeEarly } from './early-writing.ts'
import { ConfirmStrangers, MailPreview } from './mail-parts.tsx'
import { useChannels } from './names.tsx'
import { ChainPreview, useParts, WarningField, worst } from './post-writing.tsx'
import { useSignature } from './use-signature.ts'
import { Recipients } from './recipients.tsx'
import type { DraftHandle } from './use-draft.ts'
import type { Other } from './use-presence.ts'
import { useSend } from './use-send.ts'
import { useUploads } from './use-uploads.ts'
import { mayChoose, threadOf, Where } from './where.tsx'
import { writesElsewhere } from './writes-elsewhere.ts'
import { AddFilesButton, WritingBox } from './writing-box.tsx'

type ComposerProps = {
  conversation: Conversation
  draft: DraftHandle
  others: readonly Other[]
  /** The message that this answers, where it is one in particular. */
  answered: Message | null
  /** The last thing that was said to us: where it was said the next answer goes, unless somebody chooses. */
  said: Message | null
  onTyping: () => void
  onSent: (resolved: boolean) => void
}

/** Where an answer or a note is written. Says first whether it can be sent, and keeps every word. */
export function Composer({ conversation, draft, others, answered, said, onTyping, onSent }: ComposerProps) {
  const { t } = useLingui()
  const may = useMay()
  const box = useRef<HTMLTextAreaElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const { composed, change } = draft
  const mayReply = may('inbox.reply')
  const where = threadOf(conversation, composed, answered ?? said)
  const { canReply } = where
  const capabilities = useChannels().get(conversation.channel)?.capabilities ?? {}
  const note = composed.kind === 'note' || !mayReply
  const attached = useRef(composed.attachments)
  useEffect(() => {
    attached.current = composed.attachments
  })
  const { uploads, add } = useUploads((attachment) => change({ attachments: [...attached.current, attachment] }))
  const send = useSend(conversation, draft)

  const empty = composed.body.trim() === '' && composed.attachments.length === 0
  // Answered in particular, it may be somebody else than whom the thread is with.
  const opening = answered?.author?.opening || where.opening
  const limits = limitsBehind(where.textLimits, composed.warning)
  const limit = worst(limits, openedWith(opening, composed.body.trim()))
  const parts = useParts(limits, composed.body, opening, !note && capabilities['chains'] === true)
  const tooLong = !note && limit !== null && limit.used > limit.max && parts === null
  const blocked = !note && !canReply.ok
  const signature = useSignature(conversation.connectionId)
  // Only where an answer may go to several.
  const { envelope } = conversation
  const addressees = composed.addressees ?? (envelope && { to: envelope.to, cc: envelope.cc, bcc: [] })
  // Where words stand among the addresses that are none; they are gone with the row when a note is written instead.
  const [unread, setUnread] = useState<string | null>(null)
  const misaddressed = !note && addressees !== null && unread === conversation.id
  const nobody = !note && addressees !== null && addressees.to.length === 0
  const [asksAlt] = useStored(asksForAlt)
  const [bare, setBare] = useState<{ resolve: boolean } | null>(null)
  const describes = where.media?.altText === true
  const noFiles = !note && where.media === null
  const misplaced = noFiles && composed.attachments.length > 0
  const [strangers, setStrangers] = useState<{ addresses: readonly string[]; resolve: boolean } | null>(null)
  const ready =
    !empty &&
    !tooLong &&
    !blocked &&
    !nobody &&
    !misaddressed &&
    !misplaced &&
    uploads.length === 0 &&
    (!note || composed.body.trim() !== '')

  const submit = async (resolve: boolean, confirmed = false, undescribedToo = false) => {
    if (!ready) return
    if (!note && describes && asksAlt && !undescribedToo && undescribed(composed.attachments).length > 0)
      return setBare({ resolve })
    const sent = await send({ resolve, confirmed, where, chain: parts !== null })
    if (sent.ok) onSent(resolve && !note)
    else if (sent.strangers) setStrangers({ addresses: sent.strangers, resolve })
  }
  const sendByKeys = (resolve: boolean) => {
    if (!writesElsewhere(place.current)) void submit(resolve)
  }
  const write = (kind: 'out' | 'note') => {
    if (kind === 'out' && !mayReply) return
    if (composed.kind !== kind) {
      setUnread(null)
      change({ kind })
    }
    box.current?.focus()
  }
  useEffect(() => {
    const early = takeEarly(conversation.id)
    if (early) write(early)
  })
  const group = t`Conversation`
  useShortcuts([
    ...(mayReply ? [{ id: 'inbox.reply', keys: 'r', label: t`Reply`, group, run: () => write('out') }] : []),
    ...(may('inbox.note')
      ? [{ id: 'inbox.note', keys: 'n', label: t`Write a note`, group, run: () => write('note') }]
      : []),
    { id: 'inbox.send', keys: 'mod+enter', label: t`Send`, group, run: () => sendByKeys(false) },
    {
      id: 'inbox.send-resolve',
      keys: 'mod+shift+enter',
      label: t`Send and resolve`,
      group,
      run: () => sendByKeys(true),
    },
  ])
  const sendKeys = useKeysFor('inbox.send', 'mod+enter')
  const sendResolveKeys = useKeysFor('inbox.send-resolve', 'mod+shift+enter')

  return (
    <div ref={place} className="shrink-0 px-4 pb-4 max-tablet:px-2 max-tablet:pb-2">
      <div className="mx-auto flex max-w-dialog-wide flex-col gap-2">
        <Gates conversation={conversation} />
        <WhoWrites others={others} />
        {draft.other && <DraftConflict draft={draft} />}
        <WritingBox onFiles={add} className={note ? 'bg-note' : 'bg-raised'}>
          <div className="flex items-center gap-1 px-2 pt-1.5">
            {mayReply && <Kind on={!note} label={t`Reply`} onClick={() => write('out')} />}
            {may('inbox.note') && <Kind on={note} label={t`Note`} onClick={() => write('note')} />}
            <span className="ms-auto min-w-0 px-1">
              <ComposerState thread={where} note={note} said={mayChoose(conversation)} />
            </span>
          </div>
          {!note && <Where conversation={conversation} chosen={where} onChoose={(thread) => change({ thread })} />}
          {answered && !note && (
            <p className="mx-3 mt-1 flex items-center gap-1.5 text-small text-muted">
              <Icon of={Reply} directional className="size-3.5" />
              <bdi className="min-w-0 truncate">{answered.body}</bdi>
              <IconButton
                icon={X}
                size="small"
                label={t`Answer the whole thread`}
                onClick={() => change({ parentId: null })}
              />
            </p>
          )}
          {addressees && !note && !blocked && (
            <Recipients
              key={conversation.id}
              value={addressees}
              onChange={(next) => change({ addressees: next })}
              subject={composed.subject ?? envelope?.subject ?? ''}
              onSubject={(subject) => change({ subject })}
              onUnread={(yes) => setUnread(yes ? conversation.id : null)}
            />
          )}
          {!note && !blocked && <WarningField value={composed.warning} onChange={(warning) => change({ warning })} />}
          {bare && (
            <ConfirmUndescribed
              onConfirm={() => void submit(bare.resolve, false, true)}
              onClose={() => setBare(null)}
            />
          )}
          {strangers && (
            <ConfirmStrangers
              addresses={strangers.addresses}
              onConfirm={() => void submit(strangers.resolve, true)}
              onClose={() => setStrangers(null)}
            />
          )}
          {blocked ? (
            <p className="flex items-start gap-2 px-3 py-3 text-muted">
              <Icon of={CircleAlert} className="mt-0.5" />
              {canReply.why ?? t`This conversation can’t be answered now.`}
            </p>
          ) : (
            <textarea
              ref={box}
              data-composer
              dir="auto"
              rows={3}
              aria-label={note ? t`Internal note` : t`Answer`}
              aria-invalid={tooLong || undefined}
              placeholder={note ? t`Only colleagues see this` : t`Write an answer`}
              value={composed.body}
              onChange={(event) => {
                change({ body: event.target.value })
                onTyping()
              }}
              onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
              className="field-sizing-content max-h-textarea min-h-16 w-full resize-none bg-transparent px-3 py-2 text-text outline-none pointer-coarse:text-large"
            />
          )}
          {misplaced && (
            <p role="status" className="mx-3 mb-2 text-small text-overdue">
              <Trans>No files can be sent there. Remove them, or answer where they can be.</Trans>
            </p>
          )}
          {parts && <ChainPreview parts={parts} limits={limits} opening={opening} />}
          <PendingAttachments
            attachments={composed.attachments}
            onDescribed={
              describes && !note
                ? (one) =>
                    change({ attachments: composed.attachments.map((other) => (other.id === one.id ? one : other)) })
                : undefined
            }
            uploads={uploads}
            onRemove={(id) => change({ attachments: composed.attachments.filter((one) => one.id !== id) })}
          />
          <div className={cx('flex items-center gap-2 px-2 pb-2', blocked && 'hidden')}>
            {!noFiles && <AddFilesButton onFiles={add} size="small" />}
            {!note && capabilities['contentWarning'] === true && composed.warning === null && (
              <IconButton
                icon={EyeOff}
                size="small"
                label={t`Hide behind a warning`}
                onClick={() => change({ warning: '' })}
              />
            )}
            {addressees && !note && <MailPreview body={composed.body} signature={signature} />}
            {!empty && <SaveWords state={draft.saveState} />}
            <span className="flex-1" />
            {!note && !blocked && limit && parts === null && <CounterRing used={limit.used} limit={limit.max} />}
            {note ? (
              <SplitButton
                size="small"
                disabled={!ready}
                groups={[{ items: [{ label: t`Save the note`, keys: sendKeys, onSelect: () => void submit(false) }] }]}
                menuLabel={t`More ways to save`}
                onClick={() => void submit(false)}
              >
                <Trans>Save note</Trans>
              </SplitButton>
            ) : (
              <SplitButton
                size="small"
                disabled={!ready}
                keys={sendKeys}
                onClick={() => void submit(false)}
                menuLabel={t`More ways to send`}
                groups={[
                  {
                    items: [
                      { label: t`Send`, keys: sendKeys, onSelect: () => void submit(false) },
                      ...(may('inbox.resolve')
                        ? [{ label: t`Send and resolve`, keys: sendResolveKeys, onSelect: () => void submit(true) }]
                        : []),
                    ],
                  },
                ]}
              >
                <Trans>Send</Trans>
              </SplitButton>
            )}
          </div>
        </WritingBox>
      </div>
    </div>
  )
}

function Kind({ on, label, onClick }: { on: boolean; label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onClick}
      className={cx(
        'h-control-small rounded-control px-2 font-medium transition-colors',
        on ? 'text-text underline decoration-accent decoration-2 underline-offset-4' : 'text-muted hover:text-text',
      )}
    >
      {label}
    </button>
  )
}
