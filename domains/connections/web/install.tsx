import { Trans, useLingui } from '@lingui/react/macro'
import { ExternalLink } from 'lucide-react'
import { buttonClass } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { CopyBlock } from '../../workspaces/web/index.ts'
import type { Connection } from '../contract.ts'
import { useInstall } from './use-install.ts'
import { sampleCurl, scriptTag, webhookUrl } from './script-tag.ts'

/** What has to be done on the other side. */
export function Install({ connection: { channel, publicKey } }: { connection: Connection }) {
  const { t } = useLingui()
  const install = useInstall(channel)
  const { origin } = location
  if (install === 'script-tag')
    return (
      <div className="flex flex-col gap-4">
        <CopyBlock
          label={t`For your pages`}
          text={scriptTag(origin, publicKey)}
          hint={<Trans>One line, anywhere in the page. It sets no cookies and loads after everything else.</Trans>}
        />
        <div>
          <a href={`/preview/${publicKey}`} target="_blank" rel="noreferrer" className={buttonClass()}>
            <Icon of={ExternalLink} className="-ms-1" directional />
            <Trans>Open a sample page with it</Trans>
          </a>
        </div>
      </div>
    )
  return (
    <div className="flex flex-col gap-4">
      <CopyBlock label={t`Address of the webhook`} text={webhookUrl(origin, publicKey)} />
      {install === 'standard-webhooks' && (
        <>
          <div>
            <p className="font-medium">
              <Trans>How to sign</Trans>
            </p>
            <p className="text-muted">
              <Trans>
                As Standard Webhooks has it: HMAC-SHA256 with the bytes behind “whsec_”, over the id, the time in
                seconds and the body, with full stops between. The time may be five minutes off.
              </Trans>
            </p>
          </div>
          <CopyBlock
            label={t`Try it in a shell`}
            text={sampleCurl(origin, publicKey)}
            hint={
              <Trans>
                Put the secret for what you send in place of “whsec_…”. The answer is 2xx once it is stored.
              </Trans>
            }
          />
        </>
      )}
    </div>
  )
}
