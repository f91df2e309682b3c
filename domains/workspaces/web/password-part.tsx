import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import type { ProblemReply } from '../../../web/ui/problem.ts'
import { signIns } from './calls.ts'
import { useDeed } from './deed.ts'
import { PasswordField } from './password-field.tsx'

export function PasswordPart() {
  const { t } = useLingui()
  const [turn, setTurn] = useState(0)
  const change = useDeed(signIns.changePassword, {
    stale: [['logins']],
    onDone: () => {
      setTurn(turn + 1)
      notify(t`The password is changed. Every other log-in has ended.`)
    },
  })
  return (
    <Panel title={t`Password`}>
      <Form
        key={turn}
        problem={aboutPresent(change.problem)}
        onSubmit={(values) => {
          const { present, next } = values as { present: string; next: string }
          change.run({ body: { present, next } })
        }}
      >
        <PasswordField name="present" label={t`Present password`} />
        <PasswordField name="next" label={t`New password`} fresh />
        <div className="flex justify-end">
          <Button type="submit" busy={change.busy}>
            <Trans>Change the password</Trans>
          </Button>
        </div>
      </Form>
    </Panel>
  )
}

/** The server calls a wrong password `password`, wherever it is asked for; here that is the present one. */
function aboutPresent(problem: ProblemReply | null): ProblemReply | null {
  if (!problem?.fields) return problem
  const fields = problem.fields.map((field) => (field.path === 'password' ? { ...field, path: 'present' } : field))
  return { ...problem, fields }
}
