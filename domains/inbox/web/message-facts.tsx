// What a message says of its road: whom it went to, whether a program wrote it, why it stands here. Only where there is such a thing.
import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Bot, ShieldAlert } from 'lucide-react'
import { useState } from 'react'
import { Icon } from '../../../web/ui/icon.tsx'
import type { Addressee, Message } from '../contract.ts'
import { textIn } from './text-in.ts'

export function MessageFacts({ message }: { message: Message }) {
  const { addressees, automatic } = message
  const doubtful = proofOf(message) === 'fail'
  if (!addressees && !automatic && !doubtful) return null
  return (
    <div className="mb-1 flex max-w-full flex-col gap-0.5 text-small text-muted">
      {automatic && <AutomaticMark kind={automatic} />}
      {doubtful && (
        <p className="flex items-start gap-1.5 text-waiting">
          <Icon of={ShieldAlert} className="mt-0.5 size-3.5" />
          <span className="text-pretty">
            <Trans>The sender’s domain does not stand for this message: somebody else may have written it.</Trans>
          </span>
        </p>
      )}
      {addressees && <Envelope message={message} addressees={addressees} />}
    </div>
  )
}

function AutomaticMark({ kind }: { kind: NonNullable<Message['automatic']> }) {
  return (
    <p className="flex items-center gap-1.5">
      <Icon of={Bot} className="size-3.5" />
      {kind === 'reply' && <Trans>Automatic reply</Trans>}
      {kind === 'list' && <Trans>Mailing list</Trans>}
      {kind === 'report' && <Trans>Delivery report</Trans>}
    </p>
  )
}

/** What the message's own head says, where its channel keeps that. */
const headOf = ({ data }: Message): unknown => data['mail']

/** Whether the sender's domain stands for the message (DMARC): 'pass', 'fail', or nothing to tell. */
function proofOf(message: Message): string | null {
  const head = headOf(message)
  const proof = typeof head === 'object' && head !== null ? (head as Record<string, unknown>)['auth'] : null
  return textIn(proof, 'dmarc')
}

const SHOWN = 2
const words = ({ name, address }: Addressee) => name ?? address
const whole = ({ name, address }: Addressee) => (name ? `${name} <${address}>` : address)

function Envelope({ message, addressees }: { message: Message; addressees: NonNullable<Message['addressees']> }) {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  const from = textIn(headOf(message), 'from')
  const all = [...addressees.to, ...addressees.cc, ...addressees.bcc]
  const first = all.slice(0, SHOWN).map(words).join(', ')
  const more = all.length - SHOWN
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-6 max-w-full items-center self-start rounded-mark text-start hover:text-text"
      >
        <bdi className="truncate">
          {all.length === 0 ? <Trans>To nobody by name</Trans> : <Trans>To {first}</Trans>}
        </bdi>
        {more > 0 && <span className="ms-1 shrink-0">{t`and ${more} more`}</span>}
      </button>
      {open && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-2 gap-y-0.5 rounded-control bg-sunken px-2 py-1.5 wrap-anywhere">
          {from && (
            <>
              <dt>{t`From`}</dt>
              <dd className="text-text">
                <bdi>{from}</bdi>
                {proofOf(message) === 'pass' && (
                  <span className="text-muted">
                    {' '}
                    <Trans>(its domain stands for it)</Trans>
                  </span>
                )}
              </dd>
            </>
          )}
          <Row name={t`To`} list={addressees.to} />
          <Row name={t`Cc`} list={addressees.cc} />
          <Row name={t`Bcc`} list={addressees.bcc} />
          <dt>{t`Here because`}</dt>
          <dd className="text-text">
            <WhyHere message={message} />
          </dd>
        </dl>
      )}
    </>
  )
}

function Row({ name, list }: { name: string; list: readonly Addressee[] }) {
  if (list.length === 0) return null
  return (
    <>
      <dt>{name}</dt>
      <dd className="text-text">
        {list.map((one, at) => (
          <bdi key={one.address}>
            {at > 0 && ', '}
            {whole(one)}
          </bdi>
        ))}
      </dd>
    </>
  )
}

/** The rule that placed it, with the way to what it answers. */
function WhyHere({ message: { placedBy, ancestor, conversationId } }: { message: Message }) {
  const link = ancestor && (
    <Link
      to="/inbox/{-$conversationId}"
      params={{ conversationId: ancestor.conversationId }}
      search={(before) => before}
      hash={`message-${ancestor.messageId}`}
      className="font-medium text-accent underline"
    >
      {ancestor.conversationId === conversationId ? (
        <Trans>that message</Trans>
      ) : (
        <Trans>that message, in another conversation</Trans>
      )}
    </Link>
  )
  return (
    <>
      {placedBy === 'thread' && <Trans>its thread is this conversation.</Trans>}
      {placedBy === 'reply_address' && <Trans>it came to the signed reply address of this conversation.</Trans>}
      {placedBy === 'follows' && <Trans>it answers a message of this conversation, by somebody who takes part.</Trans>}
      {placedBy === 'stranger' && (
        <Trans>
          it answers a message of a conversation that its author took no part in, so it has one of its own and shows
          them nothing.
        </Trans>
      )}
      {placedBy === 'report' && <Trans>it tells what became of a message of ours that stands here.</Trans>}
      {placedBy === 'new' && <Trans>it answers nothing that is known here, so it began this conversation.</Trans>}
      {placedBy === 'moved' && <Trans>a colleague moved it here.</Trans>}
      {placedBy === 'split' && <Trans>a colleague gave it a conversation of its own.</Trans>}{' '}
      {link && <Trans>It answers {link}.</Trans>}
    </>
  )
}
