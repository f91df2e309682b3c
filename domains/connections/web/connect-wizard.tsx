// Connecting a channel that can guess from an address: address, how it comes in and goes out, try it, done.
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Form } from '../../../web/ui/form.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import type { ProblemReply } from '../../../web/ui/problem.ts'
import type { SettingValues } from '../../../web/ui/schema-fields.ts'
import { TextField } from '../../../web/ui/text-field.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import type { Channel, Connection } from '../contract.ts'
import { connections } from './calls.ts'
import { useConnect } from './use-connect.ts'
import { ConnectionForm, type ConnectionInput } from './connection-form.tsx'

type WizardProps = {
  channel: Channel
  onMade: (made: { connection: Connection; secrets: Record<string, string> }) => void
}

export function ConnectWizard({ channel, onMade }: WizardProps) {
  const { t } = useLingui()
  const [address, setAddress] = useState('')
  const [known, setKnown] = useState<SettingValues | null>(null)
  const [nothingFound, setNothingFound] = useState(false)
  const [input, setInput] = useState<ConnectionInput | null>(null)
  const discover = useDeed(connections.discoverSettings, {
    onDone: ({ settings }) => {
      setNothingFound(settings === null)
      setKnown({ ...(settings as SettingValues | null), address })
      setInput(null)
      setTold(null)
      setStep(1)
    },
  })
  const connect = useConnect(channel, onMade)
  const [told, setTold] = useState<{ ok: boolean; note: string; field?: string } | null>(null)
  const attempt = useDeed((body: ConnectionInput) => tryWith(channel.id, body), { onDone: setTold })
  const [step, setStep] = useState<0 | 1 | 2>(0)
  const back = () => {
    setKnown({ ...known, ...(input?.settings as SettingValues | undefined) })
    setStep(1)
  }
  const steps = [t`Address`, t`In and out`, t`Try it`]
  return (
    <div className="flex max-w-measure flex-col gap-4">
      <ol className="flex gap-4 text-small">
        {steps.map((name, at) => (
          <li
            key={name}
            aria-current={at === step ? 'step' : undefined}
            className={cx(at === step ? 'font-medium text-accent' : 'text-muted')}
          >
            {at + 1}. {name}
          </li>
        ))}
      </ol>
      <Panel>
        {step === 0 && (
          <Form
            problem={discover.problem}
            onSubmit={() => discover.run({ params: { channel: channel.id }, body: { address } })}
          >
            <TextField
              name="address"
              type="email"
              label={t`Which address do customers write to?`}
              hint={t`Rapport looks up how it can be reached; you can change all of it in the next step.`}
              value={address}
              onValueChange={setAddress}
              required
            />
            <div className="flex justify-end">
              <Button type="submit" look="primary" busy={discover.busy}>
                <Trans>Go on</Trans>
              </Button>
            </div>
          </Form>
        )}
        {step === 1 && known && (
          <div className="flex flex-col gap-4">
            <p role="status" className="rounded-control bg-sunken px-3 py-2">
              {nothingFound ? (
                <Trans>Nothing is known about this address, so please fill in what your provider says.</Trans>
              ) : (
                <Trans>
                  Filled in from what the provider of this address says. Look at it, and add what is secret.
                </Trans>
              )}
            </p>
            <ConnectionForm
              channel={channel}
              startName={input?.name ?? address}
              startSettings={known}
              problem={attempt.problem ?? (told && problemIn(told))}
              busy={attempt.busy}
              submitLabel={t`Try it`}
              actions={<Back onClick={() => setStep(0)} />}
              onSubmit={(given) => {
                setInput(given)
                setTold(null)
                setStep(2)
                attempt.run(given)
              }}
            />
          </div>
        )}
        {step === 2 && input && (
          <div className="flex flex-col gap-4">
            <div role="status">
              {attempt.busy && <Trans>Signing in, to read and to send. This can take half a minute.</Trans>}
              {told && (
                <p className={cx('font-medium', told.ok ? 'text-resolved' : 'text-waiting')}>
                  {told.ok ? <Trans>It works.</Trans> : <Trans>It does not work yet.</Trans>}
                </p>
              )}
              {told && <p className="text-pretty">{told.note}</p>}
              {(attempt.problem ?? connect.problem) && (
                <p className="text-overdue">{(attempt.problem ?? connect.problem)?.message}</p>
              )}
            </div>
            <div className="flex flex-wrap justify-end gap-2">
              {/* What does not work is put right first; connecting it all the same stays possible. */}
              {!told?.ok && (told || attempt.problem) && (
                <Button look="plain" busy={connect.busy} disabled={attempt.busy} onClick={() => connect.run(input)}>
                  <Trans>Connect all the same</Trans>
                </Button>
              )}
              <Button
                busy={attempt.busy}
                onClick={() => {
                  setTold(null)
                  attempt.run(input)
                }}
              >
                <Trans>Try again</Trans>
              </Button>
              {told?.ok ? (
                <>
                  <Back onClick={back} />
                  <Button look="primary" busy={connect.busy} disabled={attempt.busy} onClick={() => connect.run(input)}>
                    <Trans>Connect</Trans>
                  </Button>
                </>
              ) : (
                <Button look="primary" onClick={back}>
                  <Trans>Change the settings</Trans>
                </Button>
              )}
            </div>
          </div>
        )}
      </Panel>
    </div>
  )
}

/** Stands at the field that it is about. */
const problemIn = ({ ok, note, field }: { ok: boolean; note: string; field?: string }): ProblemReply | null =>
  ok || !field
    ? null
    : { code: 'connections.not_working', message: note, fields: [{ path: `settings.${field}`, message: note }] }

const tryWith = (channel: string, { settings }: ConnectionInput) =>
  connections.trySettings({ params: { channel }, body: { settings } })

function Back({ onClick }: { onClick: () => void }) {
  return (
    <Button onClick={onClick}>
      <Trans>Back</Trans>
    </Button>
  )
}
