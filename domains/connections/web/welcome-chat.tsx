import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink, MessagesSquare } from 'lucide-react'
import { Button, buttonClass } from '../../../web/ui/button.tsx'
import { FormErrors } from '../../../web/ui/form.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { CopyBlock, QueryPart, useDeed, usePresent } from '../../workspaces/web/index.ts'
import { connections } from './calls.ts'
import { useLiveChat } from './live-chat.ts'
import { channelsQuery, connectionsQuery } from './queries.ts'
import { isScriptTag } from './use-install.ts'
import { scriptTag } from './script-tag.ts'

/** One press makes the chat; then its tag to copy, and the chat itself in the corner. */
export function WelcomeChat({ onGoOn }: { onGoOn: () => void }) {
  const { name } = usePresent()
  const query = useQuery(connectionsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  const kind = channels.find(isScriptTag)?.id
  const make = useDeed(() => connections.createConnection({ body: { channel: kind ?? '', name } }), {
    stale: [['connections']],
  })
  return (
    <QueryPart query={query} rows={2}>
      {(all) => {
        const chat = all.find(({ channel }) => channel === kind)
        if (chat) return <ChatReady publicKey={chat.publicKey} onGoOn={onGoOn} />
        return (
          <div className="flex flex-col gap-4">
            <FormErrors messages={make.problem ? [make.problem.message] : []} />
            <div className="flex flex-wrap gap-2">
              <Button
                look="primary"
                icon={MessagesSquare}
                busy={make.busy}
                onClick={() => make.run(undefined)}
                autoFocus
              >
                <Trans>Make the web chat</Trans>
              </Button>
              <Button onClick={onGoOn}>
                <Trans>Skip this</Trans>
              </Button>
            </div>
          </div>
        )
      }}
    </QueryPart>
  )
}

function ChatReady({ publicKey, onGoOn }: { publicKey: string; onGoOn: () => void }) {
  const { t } = useLingui()
  const live = useLiveChat(publicKey)
  return (
    <div className="flex flex-col gap-5">
      <p role="status" className="rounded-panel bg-tint p-3">
        {live === 'missing' ? (
          <Trans>
            The chat is made. Its script could not be loaded on this page; the tag below works all the same.
          </Trans>
        ) : (
          <Trans>
            The chat is live in the corner of this page. Write something in it as a visitor would: it appears in your
            inbox at once, and what you answer there appears in the chat.
          </Trans>
        )}
      </p>
      <CopyBlock
        label={t`For your own pages`}
        text={scriptTag(location.origin, publicKey)}
        hint={<Trans>One line, anywhere in the page. It sets no cookies and loads after everything else.</Trans>}
      />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={onGoOn}>
          <Trans>Go on</Trans>
        </Button>
        <a href={`/preview/${publicKey}`} target="_blank" rel="noreferrer" className={buttonClass()}>
          <Icon of={ExternalLink} className="-ms-1" directional />
          <Trans>Open a sample page</Trans>
        </a>
      </div>
    </div>
  )
}
