import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Copy, HeartHandshake, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Conversation } from '#inbox/contract'
import { useMay } from '../../../platform/browser/session.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Icon, type IconShape } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import type { Proposal } from '../contract.ts'
import { proposals } from './calls.ts'
import { useEvidenceWords } from './label-words.ts'
import { proposalsQuery } from './queries.ts'
import { useCorrectionKey } from './use-correction-key.ts'

/** What concerns a conversation as a whole: who needs a person now, who says the same, who else may be the same person. */
export function AboveThread({ conversation }: { conversation: Conversation }) {
  useCorrectionKey(conversation.id)
  const { id, groupId, understood } = conversation
  return (
    <>
      {understood.needsPerson && conversation.state !== 'resolved' && <NeedsPerson />}
      {groupId && <Alike groupId={groupId} />}
      <Proposals conversationId={id} />
    </>
  )
}

function Strip({ icon, children, actions }: { icon: IconShape; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-sunken px-4 py-1.5 text-small">
      <Icon of={icon} className="mt-0.5 size-3.5 shrink-0 self-start text-muted" />
      <div className="min-w-0 flex-1 text-muted max-tablet:basis-3/4">{children}</div>
      {actions && <div className="flex shrink-0 items-center gap-1 max-tablet:ms-5">{actions}</div>}
    </div>
  )
}

function NeedsPerson() {
  return (
    <div
      role="note"
      className="flex shrink-0 items-center gap-2 border-b border-line bg-sunken px-4 py-1.5 text-small font-medium text-crisis"
    >
      <Icon of={HeartHandshake} className="size-3.5" />
      <Trans>Somebody may hurt themselves. Answer in person, now.</Trans>
    </div>
  )
}

function Alike({ groupId }: { groupId: string }) {
  return (
    <Strip
      icon={Copy}
      actions={
        <Link
          to="/inbox/{-$conversationId}"
          params={(before) => before}
          search={{ group: groupId }}
          className="flex min-h-6 items-center rounded-mark px-1 font-medium text-text underline"
        >
          <Trans>Show them all</Trans>
        </Link>
      }
    >
      <Trans>Others say nearly the same. In the list they are one row.</Trans>
    </Strip>
  )
}

function Proposals({ conversationId }: { conversationId: string }) {
  const { data = [] } = useQuery({ ...proposalsQuery(conversationId), staleTime: 60_000 })
  return data
    .filter(({ state }) => state === 'open')
    .map((proposal) => <ProposalStrip key={proposal.id} proposal={proposal} conversationId={conversationId} />)
}

function ProposalStrip({ proposal, conversationId }: { proposal: Proposal; conversationId: string }) {
  const { t, i18n } = useLingui()
  const may = useMay()
  const evidence = useEvidenceWords()
  const stale = [['proposals'], ['conversation', conversationId]] as const
  const accept = useDeed(proposals.acceptProposal, {
    stale,
    loud: true,
    onDone: () =>
      notify(t`They are one matter. Each is answered where it was written, and resolving one resolves both.`),
  })
  const dismiss = useDeed(proposals.dismissProposal, {
    stale,
    loud: true,
    onDone: () => notify(t`They stay apart, and this is not asked again.`),
  })
  const other = proposal.conversations.find((one) => one.conversationId !== conversationId)
  if (!other) return null
  const params = { id: proposal.id }
  const because = new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(
    proposal.evidence.map((kind) => evidence[kind]),
  )
  return (
    <Strip
      icon={UsersRound}
      actions={
        may('inbox.assign') && (
          <>
            <Button size="small" busy={accept.busy} onClick={() => accept.run({ params })}>
              <Trans>Yes, one matter</Trans>
            </Button>
            <Button size="small" look="plain" busy={dismiss.busy} onClick={() => dismiss.run({ params })}>
              <Trans>No</Trans>
            </Button>
          </>
        )
      }
    >
      <p className="font-medium text-text">
        <Trans>The same person about the same matter?</Trans>
      </p>
      <p className="flex min-w-0 gap-1.5">
        <Link
          to="/inbox/{-$conversationId}"
          params={{ conversationId: other.conversationId }}
          search={(before) => before}
          className="min-w-0 truncate text-text underline"
        >
          <bdi>{other.subject ?? other.preview}</bdi>
        </Link>
        <span className="max-w-1/2 shrink-0 truncate">
          <bdi>{other.customerName ?? t`Unknown person`}</bdi>
          {' · '}
          <RelativeTime at={other.lastActivityAt} />
        </span>
      </p>
      <p>
        <Trans>
          What speaks for it: {because}. If so, one person has both, each shows what was said in the other, and
          resolving one resolves both.
        </Trans>
      </p>
    </Strip>
  )
}
